package dev.cloze.importing.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
     * One tensor. Its values stay as they are stored until somebody asks for them.
     *
     * @param shape its dimensions
     * @param data its values, little-endian
     * @param type of the values
     * @param order in which they lie
     */
    record Tensor(long[] shape, ByteBuffer data, ElementType type, Order order) {
        /** Columns of a matrix that are turned at once, so that reads and writes stay in the processor's cache. */
        private static final int TILE = 32;
        /** Values that are given out at once, more when a row has more: 4 MB of floats. */
        private static final int PART = 1 << 20;

        public Tensor {
            data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        }

        /** A tensor of 32-bit floats whose values lie row after row. */
        public Tensor(long[] shape, ByteBuffer data) {
            this(shape, data, ElementType.F32, Order.ROWS);
        }

        /** The transposed matrix; no value moves. */
        public Tensor transposed() {
            if (shape.length != 2) {
                throw new IllegalStateException(this + " is not a matrix");
            }
            Order turned = order == Order.ROWS ? Order.COLUMNS : Order.ROWS;
            return new Tensor(new long[] {shape[1], shape[0]}, data, type, turned);
        }

        /** The values row after row, as 32-bit floats. */
        public ByteBuffer inRows() {
            if (type == ElementType.F32 && order == Order.ROWS) {
                return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            }
            ByteBuffer whole = ByteBuffer.allocate(Math.multiplyExact(count(), Float.BYTES));
            parts().forEach(whole::put);
            return whole.flip().order(ByteOrder.LITTLE_ENDIAN);
        }

        /** The same one part after the other, each made when it is asked for. */
        public Stream<ByteBuffer> parts() {
            int step =
                    order == Order.ROWS ? PART : Math.max(1, PART / Math.max(1, columns()) / TILE) * TILE * columns();
            int count = count();
            return IntStream.iterate(0, from -> from < count, from -> from + Math.min(step, count - from))
                    .mapToObj(from -> part(from, from + Math.min(step, count - from)));
        }

        private int count() {
            return data.remaining() / type.bytes();
        }

        /** Of a matrix. */
        private int columns() {
            return (int) shape[1];
        }

        private ByteBuffer part(int from, int to) {
            return order == Order.ROWS ? type.floats(data, from, to) : turned(from / columns(), to / columns());
        }

        /** Rows {@code from} to {@code to} of a matrix whose values lie column after column. */
        private ByteBuffer turned(int from, int to) {
            ByteBuffer turned =
                    ByteBuffer.allocate((to - from) * columns() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer rows = turned.asFloatBuffer();
            for (int row = from; row < to; row += TILE) {
                for (int column = 0; column < columns(); column += TILE) {
                    turnTile(rows, from, row, Math.min(to, row + TILE), column);
                }
            }
            return turned;
        }

        private void turnTile(FloatBuffer rows, int first, int from, int to, int firstColumn) {
            int height = (int) shape[0];
            for (int row = from; row < to; row++) {
                for (int column = firstColumn; column < Math.min(columns(), firstColumn + TILE); column++) {
                    rows.put((row - first) * columns() + column, type.at(data, column * height + row));
                }
            }
        }

        /** Whether {@code other} has the same shape and the same values; the values of neither are copied. */
        public boolean hasValuesOf(Tensor other) {
            if (!Arrays.equals(shape, other.shape)) {
                return false;
            }
            return type == other.type && order == other.order
                    ? data.equals(other.data)
                    : IntStream.range(0, count())
                            .allMatch(i -> Float.floatToIntBits(at(i)) == Float.floatToIntBits(other.at(i)));
        }

        /** Value {@code index}, counted row after row. */
        private float at(int index) {
            return type.at(data, order == Order.ROWS ? index : index % columns() * (int) shape[0] + index / columns());
        }

        @Override
        public String toString() {
            return "Tensor" + Arrays.toString(shape);
        }
    }

    Set<String> names();

    /** The tensor of that name; fails when there is none. */
    Tensor tensor(String name);

    /** Whether both names are known to stand for the same numbers of a file, so that these need not be read to be compared. */
    default boolean areOne(String name, String other) {
        return name.equals(other);
    }
}
