package dev.cloze.importing.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file in the format of safetensors: the length of a header (64 bits, little-endian), the header (JSON: type, shape and place of
 * every tensor), and the tensors' bytes without any gap. Every rule of the format is checked before anything is allocated or mapped.
 */
public final class SafeTensors implements Weights {
    private static final String METADATA = "__metadata__";
    /** As the library of the format has it. */
    private static final long LARGEST_HEADER = 25_000_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final String name;
    private final Subject subject;
    private final Map<String, StoredTensor> tensors = new TreeMap<>();

    private SafeTensors(Path file, String name, Subject subject) {
        this.file = file;
        this.name = name;
        this.subject = subject;
    }

    /**
     * Reads and checks the header.
     *
     * @param name what {@code file} is called in messages
     */
    public static SafeTensors open(Path file, String name, Subject subject) {
        SafeTensors weights = new SafeTensors(file, name, subject);
        try (FileChannel channel = FileChannel.open(file)) {
            weights.readHeader(channel);
            return weights;
        } catch (JsonProcessingException e) {
            throw weights.damaged("its header is not JSON: " + Subject.shown(e.getOriginalMessage()));
        } catch (IOException e) {
            throw weights.unreadable(e);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Tensor tensor(String tensor) {
        StoredTensor stored = tensors.get(tensor);
        if (stored == null) {
            throw damaged("it has no tensor " + Subject.shown(tensor));
        }
        stored.requireReadable(tensor, subject);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, stored.begin(), stored.end() - stored.begin());
            return new Tensor(stored.shape(), bytes, stored.type(), Order.ROWS);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void readHeader(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw damaged("it has " + size + " bytes, too few for a header");
        }
        long length = bytes(channel, 0, Long.BYTES).getLong();
        if (length < 2 || length > LARGEST_HEADER || length > size - Long.BYTES) {
            throw damaged("its header should have " + Long.toUnsignedString(length)
                    + " bytes, which is more than the file has or than is read");
        }
        byte[] header = bytes(channel, Long.BYTES, (int) length).array();
        if (header[0] != '{') {
            throw damaged("its header does not begin with {");
        }
        JsonNode root = JSON.readTree(header);
        long from = Long.BYTES + length;
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.put(entry.getKey(), stored(entry.getKey(), entry.getValue(), from, size));
            }
        }
        requireNoGaps(from, size);
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("the file became shorter");
            }
        }
        return bytes.flip();
    }

    private StoredTensor stored(String tensor, JsonNode entry, long from, long size) {
        ElementType type = ElementType.named(entry.path("dtype").asText())
                .orElseThrow(() -> damaged("its tensor " + Subject.shown(tensor) + " is of the unknown type "
                        + Subject.shown(entry.path("dtype").asText())));
        long[] shape = numbers(tensor, entry.path("shape"));
        long[] offsets = numbers(tensor, entry.path("data_offsets"));
        long bytes = StoredTensor.elements(shape)
                .filter(elements -> elements <= Long.MAX_VALUE / Long.BYTES)
                .map(elements -> elements * type.bytes())
                .orElse(-1L);
        boolean sound = offsets.length == 2
                && offsets[0] <= offsets[1]
                && offsets[1] <= size - from
                && offsets[1] - offsets[0] == bytes;
        if (!sound) {
            throw damaged("its tensor " + Subject.shown(tensor) + " (" + type + " "
                    + Subject.shown(entry.path("shape").toString()) + ") cannot lie at "
                    + Subject.shown(entry.path("data_offsets").toString()));
        }
        return new StoredTensor(type, shape, from + offsets[0], from + offsets[1]);
    }

    /** Whole numbers, none negative. */
    private long[] numbers(String tensor, JsonNode list) {
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = list.get(i);
            numbers[i] =
                    number != null && number.canConvertToLong() && number.isIntegralNumber() ? number.asLong() : -1;
            if (numbers[i] < 0) {
                throw damaged("its tensor " + Subject.shown(tensor) + " has the impossible shape or place "
                        + Subject.shown(list.toString()));
            }
        }
        if (!list.isArray()) {
            throw damaged("its tensor " + Subject.shown(tensor) + " has no shape or no place");
        }
        return numbers;
    }

    private void requireNoGaps(long from, long size) {
        List<Map.Entry<String, StoredTensor>> inOrder = tensors.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, StoredTensor> e) ->
                                e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().end()))
                .toList();
        long end = from;
        for (Map.Entry<String, StoredTensor> tensor : inOrder) {
            if (tensor.getValue().begin() != end) {
                throw damaged("its tensor " + Subject.shown(tensor.getKey()) + " begins at byte "
                        + tensor.getValue().begin() + ", where the one before ends at byte " + end);
            }
            end = tensor.getValue().end();
        }
        if (end != size) {
            throw damaged("it has " + size + " bytes, its last tensor ends at byte " + end);
        }
    }

    private ClozeException damaged(String why) {
        return subject.refuse("its " + name + " is damaged: " + why, "download or save it again");
    }

    private ClozeException unreadable(IOException e) {
        return subject.refuse("its " + name + " cannot be read: " + e, "make it readable", e);
    }
}
