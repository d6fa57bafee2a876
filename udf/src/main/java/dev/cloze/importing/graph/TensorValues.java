package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The values of tensors, wherever a graph keeps them. */
public final class TensorValues {
    private TensorValues() {}

    public static long[] shape(OnnxMl.TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    public static int count(OnnxMl.TensorProto tensor) {
        return Math.toIntExact(LongStream.of(shape(tensor)).reduce(1, (a, b) -> a * b));
    }

    /**
     * The 32-bit floats of {@code tensor} in a direct buffer of their own.
     *
     * @param directory of the graph, in which its external data lies
     */
    public static FloatBuffer floats(OnnxMl.TensorProto tensor, Path directory) {
        FloatBuffer values = direct(count(tensor));
        if (tensor.getFloatDataCount() > 0) {
            tensor.getFloatDataList().forEach(values::put);
        } else {
            values.put(bytes(tensor, directory).asFloatBuffer());
        }
        return values.flip();
    }

    /** A direct buffer of {@code count} zeros in the machine's own byte order. */
    public static FloatBuffer direct(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** The 64-bit integers of a tensor that lies inside the graph; empty when it is another one. */
    public static Optional<long[]> longs(OnnxMl.TensorProto tensor) {
        if (tensor.getDataType() != OnnxMl.TensorProto.DataType.INT64.getNumber() || ExternalData.isExternal(tensor)) {
            return Optional.empty();
        }
        if (tensor.getInt64DataCount() > 0) {
            return Optional.of(tensor.getInt64DataList().stream()
                    .mapToLong(Long::longValue)
                    .toArray());
        }
        long[] values = new long[tensor.getRawData().size() / Long.BYTES];
        tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(values);
        return Optional.of(values);
    }

    /** The same tensor with its values inside. */
    public static OnnxMl.TensorProto inside(OnnxMl.TensorProto tensor, Path directory) {
        return ExternalData.isExternal(tensor)
                ? tensor.toBuilder()
                        .clearExternalData()
                        .clearDataLocation()
                        .setRawData(com.google.protobuf.ByteString.copyFrom(bytes(tensor, directory)))
                        .build()
                : tensor;
    }

    /** The values as they are stored, little-endian. */
    static ByteBuffer bytes(OnnxMl.TensorProto tensor, Path directory) {
        if (!ExternalData.isExternal(tensor)) {
            return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        Place place = place(tensor, directory);
        try (FileChannel channel = FileChannel.open(place.file())) {
            return channel.map(FileChannel.MapMode.READ_ONLY, place.offset(), place.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw ClozeException.model(
                    "read the weights in " + place.file(),
                    String.valueOf(e.getMessage()),
                    "make the file readable, or import the model again",
                    e);
        }
    }

    /**
     * Where external data lies.
     *
     * @param file of the same directory as the graph
     * @param offset of its first byte
     * @param length in bytes
     */
    public record Place(Path file, long offset, long length) {}

    /** Where the values of {@code tensor} are, which are external. */
    public static Place place(OnnxMl.TensorProto tensor, Path directory) {
        Map<String, String> entries = new TreeMap<>();
        tensor.getExternalDataList().forEach(entry -> entries.putIfAbsent(entry.getKey(), entry.getValue()));
        Path beside = directory.toAbsolutePath().normalize();
        Path file = beside.resolve(entries.getOrDefault("location", "")).normalize();
        long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
        if (!beside.equals(file.getParent()) || Files.isSymbolicLink(file) || offset < 0) {
            throw ClozeException.model(
                    "read the weights of the graph in " + directory,
                    "its tensor " + Subject.shown(tensor.getName()) + " has them in a file that is not beside it",
                    "import the model again from its export");
        }
        long length = TensorSize.bytes(tensor.getDataType(), count(tensor)).orElseThrow();
        return new Place(file, offset, length);
    }
}
