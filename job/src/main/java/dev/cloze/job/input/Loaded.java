package dev.cloze.job.input;

import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A corpus as Spark has it.
 *
 * @param format of its files
 * @param known all columns that it has
 */
record Loaded(Dataset<Row> rows, String format, Supplier<StructType> known) {
    boolean isText() {
        return format.equals(RecordLoading.TEXT);
    }
}
