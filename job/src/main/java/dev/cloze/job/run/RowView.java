package dev.cloze.job.run;

import java.util.List;
import org.apache.spark.sql.Row;

/** How the rows of a task look in a table. */
public interface RowView {

    Table table();

    /** The lines of one row. */
    List<List<String>> lines(Row row);
}
