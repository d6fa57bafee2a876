package dev.cloze.importing.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a storage of PyTorch.
 *
 * @param storage it is a part of
 * @param offset its first number there
 * @param shape its dimensions
 * @param strides by how many numbers the next element of each dimension lies farther
 */
record TorchTensor(Pickle.Storage storage, long offset, long[] shape, long[] strides) {
    private static final int MOST_DIMENSIONS = 8;

    /** Of values of a pickle; fails when they do not describe a part of {@code storage}. */
    static TorchTensor of(Pickle.Storage storage, Object offset, Object shape, Object strides) throws IOException {
        TorchTensor tensor = new TorchTensor(storage, number(offset), numbers(shape), numbers(strides));
        long elements = StoredTensor.elements(tensor.shape).orElse(Long.MAX_VALUE);
        if (tensor.shape.length != tensor.strides.length
                || elements > storage.count()
                || tensor.span() > storage.count() - tensor.offset) {
            throw new IOException(
                    "it has a tensor " + Arrays.toString(tensor.shape) + " that does not lie in its storage");
        }
        return tensor;
    }

    private static long[] numbers(Object list) throws IOException {
        if (!(list instanceof List<?> values) || values.size() > MOST_DIMENSIONS) {
            throw new IOException("it has a tensor without a shape");
        }
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(values.get(i));
        }
        return numbers;
    }

    private static long number(Object value) throws IOException {
        if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
            throw new IOException("it has a tensor of an impossible shape");
        }
        return number;
    }

    /** Numbers of the storage from the first element to the last one. */
    private long span() {
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return 0;
            }
            last = Math.addExact(last, (shape[i] - 1) * strides[i]);
        }
        return last + 1;
    }

    /** Whether {@code other} is the same part of the same storage. */
    boolean isAt(TorchTensor other) {
        return storage.equals(other.storage)
                && offset == other.offset
                && Arrays.equals(shape, other.shape)
                && Arrays.equals(strides, other.strides);
    }

    /** Its values. */
    Weights.Tensor read(TorchStorages storages) throws IOException {
        int bytes = storage.type().bytes();
        ByteBuffer part = storages.read(storage, offset * bytes, span() * bytes);
        if (Arrays.equals(strides, rowStrides())) {
            return new Weights.Tensor(shape, part, storage.type(), Weights.Order.ROWS);
        }
        boolean turned = shape.length == 2 && strides[0] == 1 && strides[1] == shape[0];
        return turned
                ? new Weights.Tensor(shape, part, storage.type(), Weights.Order.COLUMNS)
                : new Weights.Tensor(shape, gathered(part.slice().order(ByteOrder.LITTLE_ENDIAN)));
    }

    /** Of a tensor whose elements lie row after row; a dimension of one element has any stride. */
    private long[] rowStrides() {
        long[] expected = new long[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            expected[i] = shape[i] == 1 ? strides[i] : step;
            step *= shape[i];
        }
        return expected;
    }

    private ByteBuffer gathered(ByteBuffer part) {
        int elements = (int) (long) StoredTensor.elements(shape).orElseThrow();
        ByteBuffer rows = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            long rest = i;
            long place = 0;
            for (int d = shape.length - 1; d >= 0; d--) {
                place += rest % shape[d] * strides[d];
                rest /= shape[d];
            }
            rows.putFloat(storage.type().at(part, (int) place));
        }
        return rows.flip();
    }

    @Override
    public String toString() {
        return "TorchTensor" + Arrays.toString(shape) + " of " + storage;
    }
}
