package dev.cloze.job.terminal;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How the results of a task look to a person. */
public interface RowView {

    Table table();

    /** The lines of one row. */
    List<List<String>> lines(Row row);

    /** Rows for formats without nested columns, about one for each line; what is nested in them still becomes text. */
    default Dataset<Row> flat(Dataset<Row> rows) {
        return rows;
    }
}
