package dev.cloze.job.chunks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many rows of results have each status. */
public final class Statuses {
    static final String COLUMN = "status";

    private Statuses() {}

    /** Counts them: reads all of {@code rows}. */
    public static Map<String, Long> count(Dataset<Row> rows) {
        return rows.groupBy(COLUMN).count().collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1), Long::sum, TreeMap::new));
    }

    /** The same of rows in memory. */
    public static Map<String, Long> count(List<Row> rows) {
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.<String>getAs(COLUMN), TreeMap::new, Collectors.counting()));
    }

    /** Rows of all statuses. */
    public static long sum(Map<String, Long> rows) {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }
}
