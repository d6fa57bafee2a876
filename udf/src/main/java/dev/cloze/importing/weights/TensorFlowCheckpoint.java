package dev.cloze.importing.weights;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A TensorFlow "bundle" of one shard: {@code variables.index}, a sorted table of names, and {@code
 * variables.data-00000-of-00001}, the values (tensorflow/core/util/tensor_bundle). Every checksum is verified.
 */
public final class TensorFlowCheckpoint implements Weights {
    public static final String INDEX = "variables.index";
    public static final String DATA = "variables.data-00000-of-00001";
    private static final int DT_FLOAT = 1;
    // tensor_bundle.proto: fields of BundleEntryProto; tensor_shape.proto: dim and its size.
    private static final int ENTRY_DTYPE = 1;
    private static final int ENTRY_SHAPE = 2;
    private static final int ENTRY_SHARD = 3;
    private static final int ENTRY_OFFSET = 4;
    private static final int ENTRY_SIZE = 5;
    private static final int ENTRY_CRC32C = 6;
    private static final int SHAPE_DIM = 2;
    private static final int DIM_SIZE = 1;

    private final Path directory;
    private final Map<String, TensorEntry> entries;
    private final ByteBuffer data;

    private TensorFlowCheckpoint(Path directory, Map<String, TensorEntry> entries, ByteBuffer data) {
        this.directory = directory;
        this.entries = entries;
        this.data = data;
    }

    /** Opens {@code variables.index} and its data file in {@code directory}; {@code prefix} is taken off all names. */
    public static TensorFlowCheckpoint open(Path directory, String prefix) {
        Path index = directory.resolve(INDEX);
        Path data = directory.resolve(DATA);
        try (FileChannel channel = FileChannel.open(data)) {
            Map<String, TensorEntry> entries = new TreeMap<>();
            SortedTable.read(Files.readAllBytes(index)).forEach((name, value) -> {
                // The empty name, which holds the header, has no prefix either.
                if (name.startsWith(prefix)) {
                    entries.put(name.substring(prefix.length()), entry(name, value));
                }
            });
            ByteBuffer values = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new TensorFlowCheckpoint(directory, entries, values.order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException | IllegalStateException e) {
            throw ClozeException.model(
                    "read TensorFlow checkpoint " + directory,
                    String.valueOf(e.getMessage()),
                    "fetch the file again",
                    e);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw ClozeException.model(
                    "read TensorFlow checkpoint " + directory,
                    "it has no tensor " + name,
                    "use a checkpoint of a BERT with its masked-language-model head");
        }
        if (entry.type != DT_FLOAT || entry.shard != 0) {
            throw ClozeException.model(
                    "read TensorFlow checkpoint " + directory,
                    name + " is not a tensor of 32-bit floats in the first shard",
                    "use a checkpoint of one shard and full precision");
        }
        if (entry.offset < 0
                || entry.size < 0
                || entry.size > data.limit()
                || entry.offset > data.limit() - entry.size) {
            throw ClozeException.model(
                    "read TensorFlow checkpoint " + directory,
                    name + " does not lie in the data file",
                    "the file is damaged: fetch it again");
        }
        ByteBuffer values = data.slice((int) entry.offset, (int) entry.size).order(ByteOrder.LITTLE_ENDIAN);
        if (MaskedCrc32c.of(values.duplicate()) != entry.crc) {
            throw ClozeException.model(
                    "read TensorFlow checkpoint " + directory,
                    "the checksum of tensor " + name + " is wrong",
                    "the file is damaged: fetch it again");
        }
        return new Tensor(entry.shape, values);
    }

    private static TensorEntry entry(String name, byte[] message) {
        int type = 0;
        int shard = 0;
        long offset = 0;
        long size = 0;
        int crc = 0;
        List<Long> shape = new ArrayList<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case ENTRY_DTYPE -> type = in.readInt32();
                    case ENTRY_SHAPE -> readShape(in, shape);
                    case ENTRY_SHARD -> shard = in.readInt32();
                    case ENTRY_OFFSET -> offset = in.readInt64();
                    case ENTRY_SIZE -> size = in.readInt64();
                    case ENTRY_CRC32C -> crc = in.readFixed32();
                    default -> in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the entry of tensor " + name + " is damaged", e);
        }
        return new TensorEntry(type, shape.stream().mapToLong(Long::longValue).toArray(), shard, offset, size, crc);
    }

    private static void readShape(CodedInputStream in, List<Long> shape) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != SHAPE_DIM) {
                in.skipField(tag);
                continue;
            }
            int inner = in.pushLimit(in.readRawVarint32());
            long size = 0;
            for (int field = in.readTag(); field != 0; field = in.readTag()) {
                if (WireFormat.getTagFieldNumber(field) == DIM_SIZE) {
                    size = in.readInt64();
                } else {
                    in.skipField(field);
                }
            }
            in.popLimit(inner);
            shape.add(size);
        }
        in.popLimit(outer);
    }

    private record TensorEntry(int type, long[] shape, int shard, long offset, long size, int crc) {
        @Override
        public String toString() {
            return "TensorEntry[" + offset + ", " + size + "]";
        }
    }
}
