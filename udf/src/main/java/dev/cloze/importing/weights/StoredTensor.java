package dev.cloze.importing.weights;

import dev.cloze.importing.source.Subject;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a tensor lies in a file.
 *
 * @param type of its elements
 * @param shape its dimensions
 * @param begin its first byte
 * @param end the byte behind its last one
 */
record StoredTensor(ElementType type, long[] shape, long begin, long end) {
    /** What a buffer of Java holds as 32-bit floats. */
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

    /** The number of elements of {@code shape}; absent when a dimension is negative or the product no 64-bit number. */
    static Optional<Long> elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                return Optional.empty();
            }
            try {
                elements = Math.multiplyExact(elements, size);
            } catch (ArithmeticException e) {
                return Optional.empty();
            }
        }
        return Optional.of(elements);
    }

    /** Fails when this cannot be given out as 32-bit floats. */
    void requireReadable(String name, Subject subject) {
        if (!type.isFloat()) {
            throw subject.refuse(
                    "its tensor " + Subject.shown(name) + " is of type " + type + ", weights are F32, F16, BF16 or F64",
                    "use a checkpoint that is not quantised");
        }
        if (elements(shape).orElse(Long.MAX_VALUE) > MOST_ELEMENTS) {
            throw subject.refuse(
                    "its tensor " + Subject.shown(name) + " " + Arrays.toString(shape) + " has more than "
                            + MOST_ELEMENTS + " elements, which take more than 2 GB",
                    "use a smaller model");
        }
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + " at " + begin;
    }
}
