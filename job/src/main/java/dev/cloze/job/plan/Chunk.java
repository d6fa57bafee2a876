package dev.cloze.job.plan;

import java.io.Serializable;

/**
 * The unit of work that is committed: some rows of a split, and the file they become. Not a record: Kryo cannot read those.
 */
public final class Chunk implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int partition;
    private final long from;
    private final long number;
    private final long rows;
    private final long cost;

    /**
     * @param file its name in the output
     * @param partition that the split is read as
     * @param from its first row within the split
     * @param number of that row within the file of the corpus, from 0
     * @param rows how many
     * @param cost of them all, as {@link RowCost} has it
     */
    public Chunk(String file, int partition, long from, long number, long rows, long cost) {
        this.file = file;
        this.partition = partition;
        this.from = from;
        this.number = number;
        this.rows = rows;
        this.cost = cost;
    }

    public String file() {
        return file;
    }

    public int partition() {
        return partition;
    }

    public long from() {
        return from;
    }

    public long number() {
        return number;
    }

    public long rows() {
        return rows;
    }

    public long cost() {
        return cost;
    }
}
