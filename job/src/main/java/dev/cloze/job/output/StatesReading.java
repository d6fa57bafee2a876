package dev.cloze.job.output;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.rows.CorpusStates;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the states that a run kept, and believes nothing in them that contradicts the rest.
 *
 * @param output of that run
 */
record StatesReading(SparkSession spark, String output) {
    /** What stands beside each state: which run it is of, and what can be added to it. */
    private static final List<String> NAMES = List.of("run", "method", "model");

    /** All states in {@code files}. */
    List<Row> rows(String... files) {
        // Spark reads several files whose names look like patterns more than once.
        List<Row> rows =
                Arrays.stream(files).map(this::read).flatMap(List::stream).toList();
        try {
            rows.forEach(CorpusStates::state);
        } catch (IllegalArgumentException e) {
            throw damaged("a state in it is damaged: " + e.getMessage(), e);
        }
        return rows;
    }

    private List<Row> read(String file) {
        try {
            // Bits that flipped are found by the checksums of Parquet's pages.
            Dataset<Row> states = spark.read()
                    .option("__globPaths__", false)
                    .option("parquet.page.verify-checksum.enabled", true)
                    .parquet(file);
            Optional<String> missing = missing(states.schema());
            if (missing.isPresent()) {
                throw damaged("its states have no column " + missing.get() + " of the right type", null);
            }
            return states.collectAsList();
        } catch (ClozeException e) {
            throw e;
        } catch (Exception e) {
            // Checked exceptions that Scala does not declare, too. Parquet says in many ways that a file is none.
            throw damaged("its states cannot be read: " + Causes.root(e), e);
        }
    }

    private static Optional<String> missing(StructType schema) {
        List<String> names = List.of(schema.fieldNames());
        return NAMES.stream()
                .filter(name ->
                        !names.contains(name) || !schema.apply(name).dataType().equals(DataTypes.StringType))
                .findFirst()
                .or(() -> CorpusStates.missing(schema));
    }

    private ClozeException damaged(String reason, Exception cause) {
        return ClozeException.corpus(
                "merge " + output, reason, "make that run anew with --overwrite, or leave it out of --merge", cause);
    }
}
