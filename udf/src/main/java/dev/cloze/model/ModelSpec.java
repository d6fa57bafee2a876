package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.onnx.DeviceRequest;
import java.io.Serializable;

/**
 * All that crosses to executors of a model: where it is, what it must be, and which device was asked for. Not a record: Spark broadcasts
 * with Kryo when it is set up so, and Kryo cannot read records.
 */
public final class ModelSpec implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String location;
    private final String digest;
    private final Head head;
    private final DeviceRequest device;

    private ModelSpec(String location, String digest, Head head, DeviceRequest device) {
        this.location = location;
        this.digest = digest;
        this.head = head;
        this.device = device;
    }

    /**
     * Fails when the model does not have the head.
     *
     * @param location of the bundle as executors see it: a directory, or the URL of one
     */
    public static ModelSpec of(Bundle bundle, String location, Head head, DeviceRequest device) {
        head.require(bundle);
        return new ModelSpec(location, bundle.digest(), head, device);
    }

    /** Of a bundle that lies at the same path everywhere. */
    public static ModelSpec of(Bundle bundle, Head head) {
        String directory = bundle.directory().toAbsolutePath().normalize().toString();
        return of(bundle, directory, head, DeviceRequest.auto());
    }

    /** The same model, opened for something else. */
    public ModelSpec withPurpose(Head other) {
        return new ModelSpec(location, digest, other, device);
    }

    public String location() {
        return location;
    }

    /** The bundle's identity. */
    public String digest() {
        return digest;
    }

    public Head head() {
        return head;
    }

    public DeviceRequest device() {
        return device;
    }

    @Override
    public String toString() {
        return location + " (" + digest + ")";
    }
}
