package dev.cloze.job.run;

import dev.cloze.job.corpus.ParquetOutput;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What all rows of a run add up to. */
public interface Summary {

    /** Fails when it could not be made, before anything is scored. */
    default void check(SparkSession spark, Output output) {}

    /**
     * Shows what {@code rows} add up to below them, and keeps it beside them.
     *
     * @param run names the run whose rows these are
     */
    void add(Dataset<Row> rows, String run, Optional<ParquetOutput> parquet, RowPrinter printer);
}
