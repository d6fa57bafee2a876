package dev.cloze.job.run;

import dev.cloze.executor.PartsScorer;
import dev.cloze.executor.ProcessScorer;
import dev.cloze.job.plan.RowCost;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.Status;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** How documents become scored rows. */
public interface Scoring {
    /** Of a row that has its answer. */
    String OK = Status.OK.label();

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

    /** Scores rows of texts without Spark; absent where rows have to be arranged first. */
    default Optional<ProcessScorer<?>> withoutSpark(ModelSpec model) {
        return Optional.empty();
    }

    /** What {@link #scorer} makes of rows of {@code arranged}. */
    StructType schema(StructType arranged);

    /** Whether every row of the corpus, or example made of some, becomes one row of results. */
    default boolean isOneForOne() {
        return true;
    }

    /** Which results are answers. */
    default Results.Condition isAnswer() {
        return row -> OK.equals(row.<String>getAs("status"));
    }

    /** Whether rows of the corpus may rightly become no results. */
    default boolean mayBeSilent() {
        return false;
    }

    /** How much of a partition belongs together, and how much work it is. */
    RowCost cost(StructType arranged);
}
