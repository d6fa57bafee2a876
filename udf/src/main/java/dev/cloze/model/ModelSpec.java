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
    private final Purpose purpose;

    /**
     * @param directory of the bundle, readable at the same path on every node that scores
     * @param digest the bundle's identity
     * @param purpose what it is opened for
     */
    public ModelSpec(String directory, String digest, Purpose purpose) {
        this.directory = directory;
        this.digest = digest;
        this.purpose = purpose;
    }

    /** Fails when the bundle is not fit for the purpose. */
    public static ModelSpec of(Bundle bundle, Purpose purpose) {
        purpose.require(bundle);
        String directory = bundle.directory().toAbsolutePath().normalize().toString();
        return new ModelSpec(directory, bundle.digest(), purpose);
    }

    public String directory() {
        return directory;
    }

    public String digest() {
        return digest;
    }

    public Purpose purpose() {
        return purpose;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelSpec spec
                && directory.equals(spec.directory)
                && digest.equals(spec.digest)
                && purpose == spec.purpose;
    }

    @Override
    public int hashCode() {
        return Objects.hash(directory, digest, purpose.name());
    }

    @Override
    public String toString() {
        return directory + " (" + digest + ")";
    }
}
