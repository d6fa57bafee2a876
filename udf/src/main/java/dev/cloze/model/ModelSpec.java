package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import java.io.Serializable;

/**
 * All that crosses to executors of a model: where it is, what it must be, and where it shall compute. Not a record: Spark broadcasts
 * with Kryo when it is set up so, and Kryo cannot read records.
 */
public final class ModelSpec implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String location;
    private final String digest;
    private final Purpose purpose;
    private final DeviceWish device;

    private ModelSpec(String location, String digest, Purpose purpose, DeviceWish device) {
        this.location = location;
        this.digest = digest;
        this.purpose = purpose;
        this.device = device;
    }

    /**
     * Fails when the bundle is not fit for the purpose.
     *
     * @param location of the bundle as executors see it: a directory, or the URL of one
     */
    public static ModelSpec of(Bundle bundle, String location, Purpose purpose, DeviceWish device) {
        purpose.require(bundle);
        return new ModelSpec(location, bundle.digest(), purpose, device);
    }

    /** Of a bundle that lies at the same path everywhere. */
    public static ModelSpec of(Bundle bundle, Purpose purpose) {
        String directory = bundle.directory().toAbsolutePath().normalize().toString();
        return of(bundle, directory, purpose, DeviceWish.auto());
    }

    /** The same model, opened for something else. */
    public ModelSpec withPurpose(Purpose other) {
        return new ModelSpec(location, digest, other, device);
    }

    public String location() {
        return location;
    }

    /** The bundle's identity. */
    public String digest() {
        return digest;
    }

    public Purpose purpose() {
        return purpose;
    }

    public DeviceWish device() {
        return device;
    }

    @Override
    public String toString() {
        return location + " (" + digest + ")";
    }
}
