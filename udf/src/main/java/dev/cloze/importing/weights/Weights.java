package dev.cloze.importing.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Set;

/** Named tensors of 32-bit floats. */
public interface Weights {

    /** In which order a tensor's values lie. */
    enum Order {
        /** Row after row: the last index runs fastest. */
        ROWS,
        /** Of a matrix, column after column. */
        COLUMNS
    }

    /**
     * One tensor.
     *
     * @param shape its dimensions
     * @param data its values, little-endian
     * @param order in which they lie
     */
    record Tensor(long[] shape, ByteBuffer data, Order order) {
        /** Columns of a matrix that are turned at once, so that reads and writes stay in the processor's cache. */
        private static final int TILE = 32;

        /** A tensor whose values lie row after row. */
        public Tensor(long[] shape, ByteBuffer data) {
            this(shape, data, Order.ROWS);
        }

        /** The transposed matrix; no value moves. */
        public Tensor transposed() {
            if (shape.length != 2) {
                throw new IllegalStateException(this + " is not a matrix");
            }
            return new Tensor(new long[] {shape[1], shape[0]}, data, order == Order.ROWS ? Order.COLUMNS : Order.ROWS);
        }

        /** The same values in another shape of as many elements. */
        public Tensor reshaped(long... sizes) {
            return new Tensor(sizes, inRows(), Order.ROWS);
        }

        /** The values row after row. */
        public ByteBuffer inRows() {
            return order == Order.ROWS ? data.duplicate().order(ByteOrder.LITTLE_ENDIAN) : turned();
        }

        private ByteBuffer turned() {
            int rows = (int) shape[0];
            int columns = (int) shape[1];
            ByteBuffer turned = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer from = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            FloatBuffer to = turned.asFloatBuffer();
            for (int row = 0; row < rows; row += TILE) {
                for (int column = 0; column < columns; column += TILE) {
                    turnTile(from, to, row, column);
                }
            }
            return turned;
        }

        private void turnTile(FloatBuffer from, FloatBuffer to, int firstRow, int firstColumn) {
            int rows = (int) shape[0];
            int columns = (int) shape[1];
            for (int row = firstRow; row < Math.min(rows, firstRow + TILE); row++) {
                for (int column = firstColumn; column < Math.min(columns, firstColumn + TILE); column++) {
                    to.put(row * columns + column, from.get(column * rows + row));
                }
            }
        }

        @Override
        public String toString() {
            return "Tensor" + Arrays.toString(shape);
        }
    }

    Set<String> names();

    /** The tensor of that name; fails when there is none. */
    Tensor tensor(String name);
}
