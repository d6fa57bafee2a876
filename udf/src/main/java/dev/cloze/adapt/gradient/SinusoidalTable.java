package dev.cloze.adapt.gradient;

import java.nio.FloatBuffer;

/** Tells tables of sines and cosines of positions, which transformers does not train, by their values. */
final class SinusoidalTable {
    private static final double TOLERANCE = 1e-3;

    private SinusoidalTable() {}

    /** Whether half of the first row is 0 and half of it 1, as at position 0, and every row is as long as that one. */
    static boolean is(Parameter parameter) {
        long[] shape = parameter.shape();
        if (shape.length != 2 || shape[1] < 2 || shape[1] % 2 != 0) {
            return false;
        }
        int columns = (int) shape[1];
        double half = columns / 2.0;
        if (count(parameter.values(), columns, 0) != half || count(parameter.values(), columns, 1) != half) {
            return false;
        }
        for (int row = 0; row < shape[0]; row++) {
            if (Math.abs(squares(parameter.values(), row * columns, columns) - half) > TOLERANCE * half) {
                return false;
            }
        }
        return true;
    }

    private static int count(FloatBuffer values, int columns, float wanted) {
        int count = 0;
        for (int i = 0; i < columns; i++) {
            count += values.get(i) == wanted ? 1 : 0;
        }
        return count;
    }

    private static double squares(FloatBuffer values, int from, int columns) {
        double sum = 0;
        for (int i = from; i < from + columns; i++) {
            sum += (double) values.get(i) * values.get(i);
        }
        return sum;
    }
}
