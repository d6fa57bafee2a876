package dev.cloze.stats.night;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Numbers that are not negative as integers of variable length: small ones take a byte. */
final class Varints {
    private static final int BITS = 7;
    private static final int MOST_BYTES = 10;

    /** Writes them. */
    static final class Writer {
        private ByteBuffer buffer = ByteBuffer.allocate(64);

        void put(long number) {
            if (buffer.remaining() < MOST_BYTES) {
                buffer = ByteBuffer.allocate(2 * buffer.capacity()).put(buffer.flip());
            }
            long rest = number;
            while (rest >= 1 << BITS) {
                buffer.put((byte) (rest | 1 << BITS));
                rest >>>= BITS;
            }
            buffer.put((byte) rest);
        }

        byte[] bytes() {
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    private Varints() {}

    /**
     * The next number.
     *
     * @param of what the numbers make
     * @throws IllegalArgumentException with the reason, when there is none
     */
    static long take(ByteBuffer buffer, String of) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += BITS) {
            if (!buffer.hasRemaining()) {
                throw new IllegalArgumentException(of + " has a number that is cut off");
            }
            byte next = buffer.get();
            number |= (long) (next & Byte.MAX_VALUE) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException(of + " has a number that is too large");
    }
}
