package dev.cloze.job.run;

import java.util.List;
import org.apache.spark.sql.Row;

/** How the results of a task look to a person. */
public interface RowView {

    Table table();

    /** The lines of one row. */
    List<List<String>> lines(Row row);
}
