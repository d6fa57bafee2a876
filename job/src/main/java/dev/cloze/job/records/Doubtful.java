package dev.cloze.job.records;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts rows some of whose characters are not those that somebody wrote, as {@link TextRecord.Origin} says. A piece of a file may be
 * read several times, and counts once.
 */
public final class Doubtful extends AccumulatorV2<Map.Entry<String, Long>, Map<String, Long>> {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, Long> rows = new HashMap<>();

    /** A counter of {@code spark}. */
    public static Doubtful in(SparkContext spark) {
        Doubtful doubtful = new Doubtful();
        spark.register(doubtful, "doubtful characters");
        return doubtful;
    }

    /** So many rows of a piece, until now. */
    void add(String file, long start, long count) {
        add(Map.entry(file + "\n" + start, count));
    }

    /** Counts rows that do not come from a file. */
    public void add(String source, long count) {
        if (count > 0) {
            add(source, 0, count);
        }
    }

    @Override
    public void add(Map.Entry<String, Long> piece) {
        rows.merge(piece.getKey(), piece.getValue(), Math::max);
    }

    /** All rows. */
    public long count() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The first file with such rows. */
    public Optional<String> first() {
        return rows.keySet().stream()
                .map(piece -> piece.substring(0, piece.lastIndexOf('\n')))
                .min(Comparator.naturalOrder());
    }

    @Override
    public boolean isZero() {
        return rows.isEmpty();
    }

    @Override
    public AccumulatorV2<Map.Entry<String, Long>, Map<String, Long>> copy() {
        Doubtful copy = new Doubtful();
        copy.rows.putAll(rows);
        return copy;
    }

    @Override
    public void reset() {
        rows.clear();
    }

    @Override
    public void merge(AccumulatorV2<Map.Entry<String, Long>, Map<String, Long>> other) {
        other.value().forEach((piece, count) -> add(Map.entry(piece, count)));
    }

    @Override
    public Map<String, Long> value() {
        return rows;
    }
}
