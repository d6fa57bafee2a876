package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.cloze.model.ModelSpec;
import dev.cloze.model.Purpose;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.Status;
import dev.cloze.spark.ExampleScorer;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The evaluation of transformers' Trainer: rows in, examples out. Which rows make an example depends on their order in the
 * corpus only.
 *
 * @param task what is asked of every example
 * @param examples what becomes of rows
 * @param size tokens of an example, special ones included
 * @param batchTokens tokens of a batch, padding included
 */
public record ExampleScoring(MaskedCrossEntropy task, Examples examples, int size, int batchTokens) implements Scoring {
    private static final String PROBLEM = "cloze_problem";
    private static final StructType PLACED = new StructType()
            .add("batch", DataTypes.LongType, false)
            .add("row", DataTypes.LongType, false)
            .add("text", DataTypes.StringType, true);

    @Override
    public Purpose purpose() {
        return task.purpose();
    }

    @Override
    public Set<String> columns() {
        return Set.of(ExampleScorer.SCHEMA.fieldNames());
    }

    @Override
    public Dataset<Row> score(Dataset<Row> documents, Broadcast<ModelSpec> model) {
        Dataset<Row> readable = documents.filter(col(PROBLEM).isNull());
        JavaRDD<Row> placed = readable.select("cloze_text")
                .javaRDD()
                .zipWithIndex()
                .map(row -> RowFactory.create(
                        row._2() / Examples.ROWS, row._2(), row._1().getString(0)));
        Dataset<Row> batches = documents
                .sparkSession()
                .createDataFrame(placed, PLACED)
                .repartitionByRange(Math.max(1, placed.getNumPartitions()), col("batch"))
                .sortWithinPartitions("batch", "row")
                .select("batch", "text");
        return batches.mapPartitions(
                        new ExampleScorer(model, task, examples, size, batchTokens), Encoders.row(ExampleScorer.SCHEMA))
                .unionByName(unreadable(documents));
    }

    /** Rows that could not be read are part of no example, and are told. */
    private static Dataset<Row> unreadable(Dataset<Row> documents) {
        return documents
                .filter(col(PROBLEM).isNotNull())
                .select(
                        col("id").cast(DataTypes.StringType).as("id"),
                        lit(-1L).as("batch"),
                        lit(-1).as("example"),
                        lit(0).as("tokens"),
                        lit(0).as("tokens_scored"),
                        lit(0.0).as("nll"),
                        lit(null).cast(DataTypes.DoubleType).as("cross_entropy"),
                        lit(null).cast(DataTypes.DoubleType).as("perplexity"),
                        lit(Status.FAILED.label()).as("status"),
                        col(PROBLEM).as("error"));
    }
}
