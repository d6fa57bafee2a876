package dev.cloze.job.run;

import dev.cloze.job.chunks.Statuses;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.job.terminal.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * Reads a corpus, scores it on the executors, keeps the results and shows them: the job's one page.
 *
 * @param job what is done
 * @param terminal where rows and messages go
 */
public record ScoringRun(ScoringJob job, Terminal terminal) {

    /** Runs to the end, which the terminal hears of. */
    public void run() {
        Optional<TextsRun> texts = TextsRun.of(job);
        if (texts.isPresent()) {
            reporting(started -> texts.get().show(printer()));
        } else {
            SparkSessions.with(
                    "cloze " + job.identity().command(), spark -> reporting(started -> withSpark(spark, started)));
        }
    }

    /** Does {@code work}, which gives the number of rows of each status, and reports it. */
    private void reporting(Function<Instant, Map<String, Long>> work) {
        Instant started = Instant.now();
        Map<String, Long> rows = work.apply(started);
        terminal.say(report(rows, Duration.between(started, Instant.now())));
    }

    private RowPrinter printer() {
        // A text of the command line may become several rows.
        int most = job.corpus().texts().isEmpty() ? job.output().rows() : Integer.MAX_VALUE;
        return new RowPrinter(job.view(), job.output().display(), most, terminal);
    }

    private Map<String, Long> withSpark(SparkSession spark, Instant started) {
        job.summary().ifPresent(figures -> figures.check(spark, job.output().directory()));
        try (CorpusSession corpus = new CorpusSession(spark, job.corpus(), terminal::say)) {
            Map<String, Long> rows = rows(spark, corpus, started);
            corpus.sayDoubtful();
            return rows;
        }
    }

    private Map<String, Long> rows(SparkSession spark, CorpusSession corpus, Instant started) {
        Optional<String> place = job.output().directory();
        ScratchRun scratch = new ScratchRun(job, spark, corpus, printer());
        if (place.isEmpty()) {
            return scratch.show();
        }
        return job.output()
                .format()
                .map(format -> scratch.write(format, place.get()))
                .orElseGet(() -> new DurableRun(job, spark, corpus, printer()).score(place.get(), started));
    }

    private String report(Map<String, Long> rows, Duration time) {
        long all = Statuses.sum(rows);
        boolean maybeMore = job.isPreview() && all >= job.output().rows();
        String where = job.output()
                .directory()
                .map(directory -> "written to " + Secrets.location(directory))
                .orElse(maybeMore ? "there may be more, --output DIR scores all" : "shown, not kept");
        String noun = all == 1 ? "row" : "rows";
        return String.format(
                Locale.ROOT,
                "%,d %s%s in %.1f s; %s",
                all,
                noun,
                Acceptance.statuses(rows),
                time.toMillis() / 1e3,
                where);
    }
}
