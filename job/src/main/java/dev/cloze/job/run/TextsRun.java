package dev.cloze.job.run;

import dev.cloze.executor.ProcessScorer;
import dev.cloze.job.chunks.Progress;
import dev.cloze.job.chunks.Statuses;
import dev.cloze.job.input.CorpusTexts;
import dev.cloze.job.summary.Summary;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.job.terminal.RowsInMemory;
import dev.cloze.scoring.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;

/**
 * Texts of a command line that are scored and shown by this process alone: starting Spark would take several times as long as they do.
 * Tokenizer, task, scorer, model, columns, table, JSON, figures and acceptance are those of every other run.
 *
 * @param job what is done
 * @param scorer makes rows of texts
 * @param summary what they add up to, if anything
 */
record TextsRun(ScoringJob job, ProcessScorer<?> scorer, Optional<Summary.OfFewRows> summary) {

    /** The run of {@code job}, when it is one. */
    static Optional<TextsRun> of(ScoringJob job) {
        boolean isShownHere = !job.corpus().texts().isEmpty()
                && job.output().directory().isEmpty()
                && SparkSessions.isThisProcess();
        Optional<Summary.OfFewRows> summary = job.summary().flatMap(Summary::withoutSpark);
        return isShownHere && summary.isPresent() == job.summary().isPresent()
                ? job.scoring().withoutSpark(job.model()).map(scorer -> new TextsRun(job, scorer, summary))
                : Optional.empty();
    }

    /** Scores all texts and shows the results; number of rows of each status. */
    Map<String, Long> show(RowPrinter printer) {
        Metrics metrics = new Metrics();
        RowsInMemory scored = Progress.ofRows(OptionalLong.empty(), metrics::copy, printer.terminal())
                .during(() -> score(metrics));
        List<Row> rows = scored.rows();
        Map<String, Long> statuses = Statuses.count(rows);
        printer.print(scored);
        summary.ifPresent(figures -> figures.show(rows, printer));
        new Acceptance(job.output().tolerance(), job.scoring(), "its")
                .require(
                        Results.of(rows),
                        statuses,
                        () -> job.corpus().texts().size(),
                        "column error");
        return statuses;
    }

    private RowsInMemory score(Metrics metrics) {
        List<Row> texts = CorpusTexts.rows(job.corpus().texts());
        return RowsInMemory.of(scorer.schema(CorpusTexts.SCHEMA), scorer.score(texts, metrics));
    }
}
