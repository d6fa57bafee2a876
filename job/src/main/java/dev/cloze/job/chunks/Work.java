package dev.cloze.job.chunks;

import dev.cloze.executor.PartsScorer;
import dev.cloze.job.plan.RowCost;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What is done to a corpus.
 *
 * @param documents the corpus as it was read
 * @param arranged the same rows as {@code scorer} takes them
 * @param cost how much work a row is
 * @param scorer makes results of some rows
 * @param schema of the results
 * @param footer what every file of results says of itself
 * @param rowColumn column of {@code arranged} that tells where a row stands in the corpus, if there is one
 * @param shown how many results are shown: tasks return about so many of the first ones to the driver
 */
public record Work(
        Dataset<Row> documents,
        Dataset<Row> arranged,
        RowCost cost,
        PartsScorer scorer,
        StructType schema,
        Map<String, String> footer,
        OptionalInt rowColumn,
        int shown) {}
