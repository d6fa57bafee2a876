package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import java.io.Serializable;

/**
 * All that crosses to executors of a model: where it is and what it must be.
 *
 * @param directory of the bundle, readable at the same path on every node that scores
 * @param digest the bundle's identity
 */
public record ModelSpec(String directory, String digest) implements Serializable {
    public static ModelSpec of(Bundle bundle) {
        return new ModelSpec(bundle.directory().toAbsolutePath().normalize().toString(), bundle.digest());
    }
}
