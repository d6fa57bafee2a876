package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import java.io.Serializable;
import java.util.Objects;

/**
 * All that crosses to executors of a model: where it is and what it must be. Not a record: Spark broadcasts with Kryo when it
 * is set up so, and Kryo cannot read records.
 */
public final class ModelSpec implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final String digest;

    /**
     * @param directory of the bundle, readable at the same path on every node that scores
     * @param digest the bundle's identity
     */
    public ModelSpec(String directory, String digest) {
        this.directory = directory;
        this.digest = digest;
    }

    public static ModelSpec of(Bundle bundle) {
        return new ModelSpec(bundle.directory().toAbsolutePath().normalize().toString(), bundle.digest());
    }

    public String directory() {
        return directory;
    }

    public String digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelSpec spec && directory.equals(spec.directory) && digest.equals(spec.digest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(directory, digest);
    }

    @Override
    public String toString() {
        return directory + " (" + digest + ")";
    }
}
