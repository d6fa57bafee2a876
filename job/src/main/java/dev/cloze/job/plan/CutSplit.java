package dev.cloze.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pieces of a split, or why it cannot be read. Not a record: Kryo cannot read those. */
final class CutSplit implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int partition;
    private final ArrayList<Long> rows;
    private final String problem;

    private CutSplit(int partition, List<Long> rows, String problem) {
        this.partition = partition;
        this.rows = new ArrayList<>(rows);
        this.problem = problem;
    }

    /** @param rows of each piece */
    static CutSplit into(int partition, List<Long> rows) {
        return new CutSplit(partition, rows, "");
    }

    /** A split of which nothing is scored. */
    static CutSplit unreadable(int partition, String problem) {
        return new CutSplit(partition, List.of(), problem);
    }

    /** The same with so many pieces together. */
    CutSplit joined(int together) {
        List<Long> joined = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += together) {
            joined.add(rows.subList(from, Math.min(rows.size(), from + together)).stream()
                    .mapToLong(Long::longValue)
                    .sum());
        }
        return new CutSplit(partition, joined, problem);
    }

    /** The partition that the split is read as. */
    int partition() {
        return partition;
    }

    List<Long> rows() {
        return List.copyOf(rows);
    }

    /** Why it cannot be read, on one line. */
    Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }
}
