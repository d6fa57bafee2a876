package dev.cloze.adapt;

import java.nio.FloatBuffer;

/** Arithmetic on buffers, in parts that fit into the processor's cache. */
final class FloatBuffers {
    private static final int PART = 1 << 14;

    private FloatBuffers() {}

    static void clear(FloatBuffer values) {
        float[] zeros = new float[Math.min(PART, values.limit())];
        for (int from = 0; from < values.limit(); from += zeros.length) {
            values.put(from, zeros, 0, Math.min(zeros.length, values.limit() - from));
        }
    }

    static void add(FloatBuffer sum, FloatBuffer values) {
        float[] left = new float[Math.min(PART, sum.limit())];
        float[] right = new float[left.length];
        for (int from = 0; from < sum.limit(); from += left.length) {
            int count = Math.min(left.length, sum.limit() - from);
            sum.get(from, left, 0, count);
            values.get(from, right, 0, count);
            for (int i = 0; i < count; i++) {
                left[i] += right[i];
            }
            sum.put(from, left, 0, count);
        }
    }

    /** The sum of the squares, in double precision. */
    static double squares(FloatBuffer values) {
        float[] part = new float[Math.min(PART, values.limit())];
        double sum = 0;
        for (int from = 0; from < values.limit(); from += part.length) {
            int count = Math.min(part.length, values.limit() - from);
            values.get(from, part, 0, count);
            for (int i = 0; i < count; i++) {
                sum += (double) part[i] * part[i];
            }
        }
        return sum;
    }
}
