package dev.cloze.job.chunks;

import dev.cloze.job.files.Secrets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** What a task returns to the driver about its chunk. Not a record: Kryo cannot read those. */
final class ChunkResult implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String provider;
    private final TreeMap<String, Long> statuses;
    private final ArrayList<Row> first;
    private final Unread unread;

    private ChunkResult(String file, String provider, Map<String, Long> statuses, List<Row> first, Unread unread) {
        this.file = file;
        this.provider = provider;
        this.statuses = new TreeMap<>(statuses);
        this.first = new ArrayList<>(first);
        this.unread = unread;
    }

    /**
     * A chunk that is durable.
     *
     * @param file of the chunk
     * @param provider of ONNX Runtime that computed it
     */
    static ChunkResult written(String file, String provider, ChunkWriter.Written written) {
        return new ChunkResult(file, provider, written.statuses(), written.first(), null);
    }

    /** A chunk that is not there, because its file of the corpus could not be read. */
    static ChunkResult unread(String file, Unread unread) {
        return new ChunkResult(file, ChunkWriter.NO_PROVIDER, Map.of(), List.of(), unread);
    }

    /** A file of the corpus that could not be read when it was to be scored. */
    static final class Unread implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String path;
        private final String reason;

        /** @param reason on one line */
        Unread(String path, String reason) {
            this.path = Secrets.location(path);
            this.reason = reason;
        }

        String path() {
            return path;
        }

        String reason() {
            return reason;
        }
    }

    String file() {
        return file;
    }

    String provider() {
        return provider;
    }

    Map<String, Long> statuses() {
        return statuses;
    }

    /** Its first rows, as far as the task has sent them. */
    List<Row> first() {
        return first;
    }

    /** Whether the task has sent the first {@code count} rows, or all where there are fewer. */
    boolean hasSent(int count) {
        long all = statuses.values().stream().mapToLong(Long::longValue).sum();
        return first.size() >= Math.min(count, all);
    }

    Optional<Unread> unread() {
        return Optional.ofNullable(unread);
    }
}
