package dev.cloze.job.run;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How the results of a task look to a person. */
public interface RowView {

    Table table();

    /** The lines of one row. */
    List<List<String>> lines(Row row);

    /** Whether the rows add up to something. */
    default boolean hasSummary() {
        return false;
    }

    /** Names and figures of what all rows add up to. */
    default Map<String, Object> summary(Dataset<Row> rows) {
        return Map.of();
    }
}
