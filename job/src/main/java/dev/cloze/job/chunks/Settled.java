package dev.cloze.job.chunks;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A plan that fits the corpus as it is now.
 *
 * @param rows of the corpus, straight from files
 * @param splits as which Spark reads them
 */
record Settled(RunPlan plan, Dataset<Row> rows, List<Split> splits) {}
