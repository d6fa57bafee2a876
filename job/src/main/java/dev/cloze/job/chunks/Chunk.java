package dev.cloze.job.chunks;

import java.io.Serializable;

/**
 * The unit of work that is committed: some rows of a split, and the file they become. Not a record: Kryo cannot read those.
 */
final class Chunk implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int partition;
    private final long from;
    private final long rows;

    /**
     * @param file its name in the output
     * @param partition that the split is read as
     * @param from its first row within the split
     * @param rows how many
     */
    Chunk(String file, int partition, long from, long rows) {
        this.file = file;
        this.partition = partition;
        this.from = from;
        this.rows = rows;
    }

    String file() {
        return file;
    }

    int partition() {
        return partition;
    }

    long from() {
        return from;
    }

    long rows() {
        return rows;
    }
}
