package dev.cloze.job.run;

import dev.cloze.job.input.Corpus;
import dev.cloze.job.summary.Summary;
import dev.cloze.job.terminal.Display;
import dev.cloze.job.terminal.RowView;
import dev.cloze.model.ModelSpec;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * What a job is: a corpus, how it is scored, and where the results go. {@link ScoringRun} is how it runs.
 *
 * @param identity what is run
 * @param corpus where documents come from
 * @param scoring how documents become scored rows
 * @param view how they look on the terminal
 * @param summary what the rows add up to, if anything
 * @param partitions pieces the corpus is cut into; as it is read, but at least one for each core, when absent
 * @param output where results go
 */
public record ScoringJob(
        RunIdentity identity,
        Corpus corpus,
        Scoring scoring,
        RowView view,
        Optional<Summary> summary,
        OptionalInt partitions,
        Output output) {

    /** Without an output, a table shows the first rows of a corpus: only those are scored, unless all add up to something. */
    boolean isPreview() {
        return output.directory().isEmpty()
                && output.display() == Display.TABLE
                && summary.isEmpty()
                && corpus.texts().isEmpty();
    }

    /** The model as it is opened. */
    ModelSpec model() {
        return identity.model().spec(scoring.head());
    }

    Broadcast<ModelSpec> broadcast(SparkSession spark) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model());
    }
}
