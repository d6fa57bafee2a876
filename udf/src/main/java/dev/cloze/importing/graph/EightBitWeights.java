package dev.cloze.importing.graph;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A matrix of weights in 8 bits: {@code values[k][n] * scales[n]} is about the matrix, whose rows {@code apart} are left out (zero) and
 * computed in full precision.
 *
 * <p>Processors without 8-bit dot products (VNNI) add the products of two neighbouring rows in 16 bits, and cut off what does not fit. The
 * scales are so large that it always fits: 255 times the sum of two neighbours of one sign. So every processor computes the same integers.
 *
 * @param values row after row
 * @param scales one for each column
 * @param apart rising numbers of the rows that are left out
 */
record EightBitWeights(byte[] values, float[] scales, int[] apart) {
    /** Of two neighbours of one sign; rounding adds 1 at most, and 128 times 255 fits in 16 bits. */
    private static final int MOST_OF_A_PAIR = 127;

    /**
     * Rounds to the nearest.
     *
     * @param matrix row after row
     * @param columns of the matrix
     * @param apart rows to leave out
     */
    static EightBitWeights of(float[] matrix, int columns, int[] apart) {
        float[] within = matrix.clone();
        for (int row : apart) {
            Arrays.fill(within, row * columns, (row + 1) * columns, 0);
        }
        float[] scales = scales(within, columns);
        byte[] values = new byte[within.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) Math.rint(within[i] / scales[i % columns]);
        }
        return new EightBitWeights(values, scales, apart);
    }

    private static float[] scales(float[] matrix, int columns) {
        float[] most = new float[columns];
        int rows = matrix.length / columns;
        for (int row = 0; row < rows; row += 2) {
            for (int column = 0; column < columns; column++) {
                float first = matrix[row * columns + column];
                float second = row + 1 < rows ? matrix[(row + 1) * columns + column] : 0;
                float above = Math.max(first, 0) + Math.max(second, 0);
                float below = Math.max(-first, 0) + Math.max(-second, 0);
                most[column] = Math.max(most[column], Math.max(above, below));
            }
        }
        float[] scales = new float[columns];
        // A column of zeros has any scale.
        IntStream.range(0, columns).forEach(n -> scales[n] = most[n] > 0 ? most[n] / MOST_OF_A_PAIR : 1);
        return scales;
    }

    /** The rows of {@code matrix} that are left out, one after the other. */
    float[] rowsApart(float[] matrix) {
        int columns = scales.length;
        float[] rows = new float[apart.length * columns];
        for (int i = 0; i < apart.length; i++) {
            System.arraycopy(matrix, apart[i] * columns, rows, i * columns, columns);
        }
        return rows;
    }

    @Override
    public String toString() {
        return "EightBitWeights[" + values.length / scales.length + " x " + scales.length + "]";
    }
}
