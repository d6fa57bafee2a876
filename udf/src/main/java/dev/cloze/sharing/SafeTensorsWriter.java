package dev.cloze.sharing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Writes tensors of 32-bit floats in the format of safetensors. */
final class SafeTensorsWriter {
    /** The data begins at a multiple of this. */
    private static final int ALIGNMENT = 8;

    private static final int PART = 1 << 14;

    private SafeTensorsWriter() {}

    /** A tensor, row after row. */
    record Tensor(long[] shape, FloatBuffer values) {
        long bytes() {
            return (long) values.limit() * Float.BYTES;
        }

        @Override
        public String toString() {
            return "Tensor" + java.util.Arrays.toString(shape);
        }
    }

    /** Creates {@code file}, in which tensors stand in the order of their names. */
    static void write(Path file, SortedMap<String, Tensor> tensors) throws IOException {
        byte[] header = header(tensors);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, length.putLong(header.length).flip());
            writeFully(channel, ByteBuffer.wrap(header));
            for (Tensor tensor : tensors.values()) {
                write(channel, tensor.values());
            }
        }
    }

    private static byte[] header(SortedMap<String, Tensor> tensors) throws IOException {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("__metadata__", Map.of("format", "pt"));
        long from = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long to = from + entry.getValue().bytes();
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("dtype", "F32");
            described.put("shape", entry.getValue().shape());
            described.put("data_offsets", List.of(from, to));
            entries.put(entry.getKey(), described);
            from = to;
        }
        String json = new ObjectMapper().writeValueAsString(entries);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT)).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(FileChannel channel, FloatBuffer values) throws IOException {
        float[] part = new float[Math.min(PART, values.limit())];
        ByteBuffer bytes = ByteBuffer.allocate(part.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.limit(); from += part.length) {
            int count = Math.min(part.length, values.limit() - from);
            values.get(from, part, 0, count);
            bytes.clear().asFloatBuffer().put(part, 0, count);
            writeFully(channel, bytes.limit(count * Float.BYTES));
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
