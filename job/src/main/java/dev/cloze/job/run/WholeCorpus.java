package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import dev.cloze.executor.RunMetrics;
import dev.cloze.job.chunks.ChunkedRun;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.plan.CorpusOrder;
import dev.cloze.job.plan.RowNumbers;
import dev.cloze.model.ModelSpec;
import java.util.OptionalInt;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A corpus that is scored in one go: what is not kept chunk by chunk.
 *
 * @param corpus where documents come from
 * @param session what the run keeps of it
 * @param scoring how documents become scored rows
 * @param partitions pieces the corpus is cut into; as it is read, but at least one for each core, when absent
 */
record WholeCorpus(SparkSession spark, Corpus corpus, CorpusSession session, Scoring scoring, OptionalInt partitions) {

    /**
     * All scored rows, or those of the {@code first} documents.
     *
     * @param metrics of the run
     */
    Dataset<Row> scored(Broadcast<ModelSpec> model, OptionalInt first, RunMetrics metrics) {
        Dataset<Row> documents = first.isPresent() ? documents().limit(first.getAsInt()) : documents();
        Dataset<Row> arranged = scoring.arrange(balanced(documents, first.isPresent()));
        return arranged.mapPartitions(
                new MeteredRows(scoring.scorer(model, arranged.schema()), metrics),
                Encoders.row(scoring.schema(arranged.schema())));
    }

    /** Rows of the corpus. */
    long rows() {
        return documents().count();
    }

    private Dataset<Row> documents() {
        if (!corpus.texts().isEmpty()) {
            return new CorpusReader(session).read(scoring.columns());
        }
        ChunkedRun.readInChunks(spark);
        Dataset<Row> documents = new CorpusReader(session).read(scoring.columns());
        boolean isNumbered = corpus.columns().row() != Corpus.RowColumn.NONE;
        return CorpusOrder.of(
                isNumbered
                        ? RowNumbers.written(documents, documents.schema().fieldIndex(CorpusReader.ROW))
                        : documents);
    }

    /** Work for every core: a corpus may come in one piece that cannot be cut. */
    private Dataset<Row> balanced(Dataset<Row> documents, boolean isLimited) {
        if (partitions.isPresent()) {
            return inPieces(documents, partitions.getAsInt());
        }
        if (!corpus.texts().isEmpty()) {
            return documents;
        }
        int cores = spark.sparkContext().defaultParallelism();
        return isLimited || documents.rdd().getNumPartitions() < cores ? inPieces(documents, cores) : documents;
    }

    /** Cuts a corpus anew; rows keep their order. */
    private static Dataset<Row> inPieces(Dataset<Row> documents, int pieces) {
        String order = "cloze_order";
        return documents
                .withColumn(order, monotonically_increasing_id())
                .repartitionByRange(pieces, col(order))
                .sortWithinPartitions(order)
                .drop(order);
    }
}
