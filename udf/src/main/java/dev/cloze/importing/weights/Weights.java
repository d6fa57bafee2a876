package dev.cloze.importing.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;

/** Named tensors of 32-bit floats. */
public interface Weights {

    /**
     * One tensor.
     *
     * @param shape its dimensions
     * @param data its values, row after row, little-endian
     */
    record Tensor(long[] shape, ByteBuffer data) {
        @Override
        public String toString() {
            return "Tensor" + Arrays.toString(shape);
        }
    }

    Set<String> names();

    /** The tensor of that name; fails when there is none. */
    Tensor tensor(String name);
}
