package dev.cloze.job.chunks;

import dev.cloze.job.output.ResultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the driver knows of a run's chunks without reading them: what tasks returned, and what footers say of earlier ones. */
final class ChunkResults {
    /** By the files of chunks. */
    private final Map<String, String> providers = new HashMap<>();

    private final Map<String, ChunkResult> returned = new HashMap<>();

    /** @param found what computed chunks of earlier attempts, by their files */
    void addEarlier(Map<String, String> found) {
        providers.putAll(found);
    }

    /** @param result of a chunk that is durable */
    void add(ChunkResult result) {
        returned.put(result.file(), result);
        providers.put(result.file(), result.provider());
    }

    /** How many of {@code chunks} each provider computed. */
    Map<String, Long> providers(List<String> chunks) {
        Map<String, Long> counts = new TreeMap<>();
        chunks.forEach(chunk -> counts.merge(providers.get(chunk), 1L, Long::sum));
        return counts;
    }

    /** How many rows of {@code chunks} have each status; only chunks of earlier attempts are read. */
    Map<String, Long> statuses(List<String> chunks, ResultReader reader) {
        Map<String, Long> rows = new TreeMap<>();
        List<String> earlier = new ArrayList<>();
        for (String chunk : chunks) {
            if (returned.containsKey(chunk)) {
                returned.get(chunk).statuses().forEach((status, count) -> rows.merge(status, count, Long::sum));
            } else {
                earlier.add(chunk);
            }
        }
        if (!earlier.isEmpty()) {
            Statuses.count(reader.all(earlier)).forEach((status, count) -> rows.merge(status, count, Long::sum));
        }
        return rows;
    }

    /** The rows of {@code chunks}: those that were returned, as far as the first {@code count} go, and then chunk by chunk. */
    Stream<Dataset<Row>> first(int count, List<String> chunks, ResultReader reader) {
        List<Row> sent = new ArrayList<>();
        int next = 0;
        while (next < chunks.size() && hasSent(chunks.get(next), count - sent.size())) {
            sent.addAll(returned.get(chunks.get(next)).first());
            next++;
        }
        Stream<Dataset<Row>> others = reader.pieces(chunks.subList(next, chunks.size()));
        return sent.isEmpty() ? others : Stream.concat(Stream.of(reader.of(sent)), others);
    }

    private boolean hasSent(String chunk, int count) {
        return count > 0 && returned.containsKey(chunk) && returned.get(chunk).hasSent(count);
    }
}
