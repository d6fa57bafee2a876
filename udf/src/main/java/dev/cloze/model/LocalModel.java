package dev.cloze.model;

import dev.cloze.onnx.Device;
import java.nio.file.Path;

/**
 * A model as it is opened on one node.
 *
 * @param directory of the bundle on this node
 * @param digest the bundle's identity
 * @param head the output that is used
 * @param device where it computes
 */
public record LocalModel(Path directory, String digest, Head head, Device device) {
    @Override
    public String toString() {
        return directory + " (" + digest + ") on " + device;
    }
}
