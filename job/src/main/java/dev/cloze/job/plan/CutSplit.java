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
    private final ArrayList<Long> costs;
    private final String problem;

    private CutSplit(int partition, List<Long> rows, List<Long> costs, String problem) {
        this.partition = partition;
        this.rows = new ArrayList<>(rows);
        this.costs = new ArrayList<>(costs);
        this.problem = problem;
    }

    /**
     * @param rows of each piece
     * @param costs of each piece
     */
    static CutSplit into(int partition, List<Long> rows, List<Long> costs) {
        return new CutSplit(partition, rows, costs, "");
    }

    /** A split of which nothing is scored. */
    static CutSplit unreadable(int partition, String problem) {
        return new CutSplit(partition, List.of(), List.of(), problem);
    }

    /** The same with so many pieces together. */
    CutSplit joined(int together) {
        return new CutSplit(partition, joined(rows, together), joined(costs, together), problem);
    }

    private static List<Long> joined(List<Long> pieces, int together) {
        List<Long> joined = new ArrayList<>();
        for (int from = 0; from < pieces.size(); from += together) {
            joined.add(pieces.subList(from, Math.min(pieces.size(), from + together)).stream()
                    .mapToLong(Long::longValue)
                    .sum());
        }
        return joined;
    }

    /** The partition that the split is read as. */
    int partition() {
        return partition;
    }

    List<Long> rows() {
        return List.copyOf(rows);
    }

    List<Long> costs() {
        return List.copyOf(costs);
    }

    /** Why it cannot be read, on one line. */
    Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }
}
