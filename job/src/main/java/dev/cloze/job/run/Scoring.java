package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;

import dev.cloze.executor.PartsScorer;
import dev.cloze.job.plan.RowCost;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.Status;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** How documents become scored rows. */
public interface Scoring {

    /** What the model is opened for. */
    Head head();

    /** Names of the columns that scoring adds; the corpus may keep none of these names. */
    Set<String> columns();

    /**
     * Rows as the scorer takes them.
     *
     * @param documents as {@link dev.cloze.job.input.CorpusReader} makes them
     */
    default Dataset<Row> arrange(Dataset<Row> documents) {
        return documents;
    }

    /** Scores arranged rows. */
    PartsScorer scorer(Broadcast<ModelSpec> model, StructType arranged);

    /** What {@link #scorer} makes of rows of {@code arranged}. */
    StructType schema(StructType arranged);

    /** Whether every row of the corpus, or example made of some, becomes one row of results. */
    default boolean isOneForOne() {
        return true;
    }

    /** Which results are answers. */
    default Column isAnswer() {
        return col("status").equalTo(Status.OK.label());
    }

    /** Whether rows of the corpus may rightly become no results. */
    default boolean mayBeSilent() {
        return false;
    }

    /** How much of a partition belongs together, and how much work it is. */
    RowCost cost(StructType arranged);
}
