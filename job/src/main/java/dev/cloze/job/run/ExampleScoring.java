package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.cloze.executor.ExampleScorer;
import dev.cloze.executor.PartsScorer;
import dev.cloze.job.plan.CorpusOrder;
import dev.cloze.job.plan.RowCost;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.MaskedCrossEntropy;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
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
    private static final StructType PLACED = new StructType()
            .add("batch", DataTypes.LongType, false)
            .add("row", DataTypes.LongType, false)
            .add("text", DataTypes.StringType, true)
            .add("id", DataTypes.StringType, true)
            .add("problem", DataTypes.StringType, true);

    @Override
    public Head head() {
        return task.head();
    }

    @Override
    public Set<String> columns() {
        return Set.of(ExampleScorer.SCHEMA.fieldNames());
    }

    @Override
    public Dataset<Row> arrange(Dataset<Row> documents) {
        JavaRDD<Row> placed = CorpusRow.readable(CorpusOrder.of(documents))
                .select(CorpusRow.ID, CorpusRow.TEXT)
                .javaRDD()
                .zipWithIndex()
                .map(row -> RowFactory.create(
                        row._2() / Examples.ROWS,
                        row._2(),
                        row._1().getString(1),
                        String.valueOf(row._1().get(0)),
                        null));
        Dataset<Row> batches = documents
                .sparkSession()
                .createDataFrame(placed, PLACED)
                .repartitionByRange(Math.max(1, placed.getNumPartitions()), col("batch"))
                .sortWithinPartitions("batch", "row");
        // Rows that could not be read are part of no example, and are reported.
        Dataset<Row> unreadable = CorpusRow.unreadable(documents)
                .select(
                        lit(ExampleScorer.UNREADABLE).as("batch"),
                        lit(0L).as("row"),
                        lit(null).cast(DataTypes.StringType).as("text"),
                        col(CorpusRow.ID).cast(DataTypes.StringType).as("id"),
                        col(CorpusRow.PROBLEM).as("problem"));
        return batches.unionByName(unreadable).select("batch", "text", "id", "problem");
    }

    @Override
    public PartsScorer scorer(Broadcast<ModelSpec> model, StructType arranged) {
        return new ExampleScorer(model, task, examples, size, batchTokens);
    }

    @Override
    public StructType schema(StructType arranged) {
        return ExampleScorer.SCHEMA;
    }

    @Override
    public RowCost cost(StructType arranged) {
        return new WholeBatches(task);
    }

    /** Batches of rows are scored together, so no chunk ends within one. */
    private static final class WholeBatches implements RowCost {
        private static final long serialVersionUID = 1L;

        private final MaskedCrossEntropy task;

        WholeBatches(MaskedCrossEntropy task) {
            this.task = task;
        }

        @Override
        public long of(Row row) {
            return task.cost(row.isNullAt(1) ? 0 : row.getString(1).length());
        }

        @Override
        public boolean isChunkBoundary(Row before, Row next) {
            return before.getLong(0) != next.getLong(0);
        }
    }
}
