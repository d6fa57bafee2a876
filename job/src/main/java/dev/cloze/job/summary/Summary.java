package dev.cloze.job.summary;

import dev.cloze.job.output.RunFigures;
import dev.cloze.job.terminal.RowPrinter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What all rows of a run add up to. */
public interface Summary {

    /** Fails when it could not be made, before anything is scored. */
    default void check(SparkSession spark, Optional<String> output) {}

    /** Shows what a few rows add up to without a session of Spark; absent where that needs one. */
    default Optional<OfFewRows> withoutSpark() {
        return Optional.empty();
    }

    /** What a few rows add up to. */
    @FunctionalInterface
    interface OfFewRows {
        void show(List<Row> rows, RowPrinter printer);
    }

    /**
     * Shows what {@code rows} add up to below them, and keeps it in {@code kept}, if there is a directory of results.
     *
     * @param run names the run whose rows these are
     */
    void add(Dataset<Row> rows, String run, Optional<RunFigures> kept, RowPrinter printer);
}
