package dev.cloze.job.chunks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.bundle.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code _plan.json} in the output: what the run scores, how, and in which chunks. Written once, before the first chunk.
 *
 * @param run names the run
 * @param identity what must be the same for another run to go on with this one
 * @param cutting how splits were cut into chunks; those of files that come later are cut the same way
 * @param sources what a copied corpus was copied from; empty when it is read where it lies
 * @param splits what the corpus is made of, in its order
 */
record RunPlan(
        @JsonProperty("run") String run,
        @JsonProperty("identity") TreeMap<String, String> identity,
        @JsonProperty("cutting") Cutting cutting,
        @JsonProperty("sources") List<String> sources,
        @JsonProperty("splits") List<PlannedSplit> splits) {
    private static final String FILE = "_plan.json";
    private static final int NAME_LENGTH = 20;

    /**
     * A split and its chunks.
     *
     * @param rows of each chunk
     */
    record PlannedSplit(
            @JsonProperty("path") String path,
            @JsonProperty("modified") long modified,
            @JsonProperty("start") long start,
            @JsonProperty("length") long length,
            @JsonProperty("rows") List<Long> rows) {
        String name() {
            return new Split(0, path, modified, start, length).name();
        }
    }

    static RunPlan of(
            String run,
            Map<String, String> identity,
            Cutting cutting,
            List<String> sources,
            List<Split> splits,
            Map<Integer, List<Long>> rows) {
        List<PlannedSplit> planned = splits.stream()
                .map(split -> new PlannedSplit(
                        split.path(),
                        split.modified(),
                        split.start(),
                        split.length(),
                        rows.getOrDefault(split.partition(), List.of())))
                .toList();
        return new RunPlan(run, new TreeMap<>(identity), cutting, sources, planned);
    }

    /** All chunks in the order of the corpus; {@code current} tells as which partition each split is read. */
    List<Chunk> chunks(List<Split> current) {
        Map<String, Integer> partitions = new HashMap<>();
        current.forEach(split -> partitions.put(split.name(), split.partition()));
        List<Chunk> chunks = new ArrayList<>();
        for (PlannedSplit split : splits) {
            long from = 0;
            for (long rows : split.rows) {
                chunks.add(new Chunk(fileName(split, from, rows), partitions.get(split.name()), from, rows));
                from += rows;
            }
        }
        return chunks;
    }

    /** Rows of each chunk by its file's name, in the order of the corpus. */
    Map<String, Long> files() {
        Map<String, Long> files = new LinkedHashMap<>();
        for (PlannedSplit split : splits) {
            long from = 0;
            for (long rows : split.rows) {
                files.put(fileName(split, from, rows), rows);
                from += rows;
            }
        }
        return files;
    }

    /** Of nothing but what is scored and how. */
    private String fileName(PlannedSplit split, long from, long rows) {
        String all = identity + "\n" + split.name() + "\n" + from + "\n" + rows;
        String digest = Sha256.of(all.getBytes(StandardCharsets.UTF_8));
        return "chunk-" + digest.substring(0, NAME_LENGTH) + ".zstd.parquet";
    }

    List<String> splitNames() {
        return splits.stream().map(PlannedSplit::name).toList();
    }

    static boolean isIn(FileSystem files, Path directory) throws IOException {
        return files.exists(new Path(directory, FILE));
    }

    static RunPlan read(FileSystem files, Path directory) throws IOException {
        try (InputStream in = files.open(new Path(directory, FILE))) {
            return new ObjectMapper().readValue(in, RunPlan.class);
        }
    }

    /** Whole or not at all. */
    void write(FileSystem files, Path directory) throws IOException {
        Path unfinished = new Path(directory, FILE + "." + run + ".unfinished");
        try (OutputStream out = files.create(unfinished, true)) {
            out.write(json());
        }
        Path file = new Path(directory, FILE);
        files.delete(file, false);
        if (!files.rename(unfinished, file)) {
            throw new IOException("could not rename " + unfinished + " to " + file);
        }
    }

    private byte[] json() {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
