package dev.cloze.job.run;

import dev.cloze.job.chunks.Progress;
import dev.cloze.job.chunks.Statuses;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.output.TableOutput;
import dev.cloze.job.summary.Summary;
import dev.cloze.job.terminal.Display;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.job.terminal.RowView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.model.ModelSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/**
 * Reads a corpus, scores it on the executors, keeps the results and shows them: the job's one page.
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
    public void run(SparkSession spark, Terminal terminal) {
        Instant started = Instant.now();
        summary.ifPresent(figures -> figures.check(spark, output.directory()));
        // A text of the command line may become several rows.
        int most = corpus.texts().isEmpty() ? output.rows() : Integer.MAX_VALUE;
        RowPrinter printer = new RowPrinter(view, output.display(), most, terminal);
        Map<String, Long> rows;
        try (CorpusSession session = new CorpusSession(spark, corpus, terminal::say)) {
            rows = rows(session, spark, started, printer);
            session.sayDoubtful();
        }
        terminal.say(report(rows, Duration.between(started, Instant.now())));
    }

    private Map<String, Long> rows(CorpusSession session, SparkSession spark, Instant started, RowPrinter printer) {
        if (output.directory().isEmpty()) {
            return showOnly(session, spark, printer);
        }
        String place = output.directory().get();
        return output.format().isPresent()
                ? write(session, spark, output.format().get(), place, printer)
                : new DurableRun(this, spark, session, printer).score(place, started);
    }

    /** Rows of the corpus that were scored; {@code results} are what became of them. */
    private long corpusRows(CorpusSession session, SparkSession spark, Map<String, Long> results) {
        if (scoring.isOneForOne() && !results.isEmpty()) {
            return sum(results);
        }
        long all = whole(session, spark).rows();
        return isPreview() ? Math.min(all, output.rows()) : all;
    }

    static long sum(Map<String, Long> rows) {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Scores all rows, and then writes them at once, so that a run that fails leaves alone what was there. */
    private Map<String, Long> write(
            CorpusSession session, SparkSession spark, String format, String place, RowPrinter printer) {
        TableOutput table = TableOutput.open(spark, format, place, output.mode(), corpus.inputs());
        LongAccumulator count = spark.sparkContext().longAccumulator();
        Dataset<Row> scored = scored(session, spark, count);
        FlatFormat flat = new FlatFormat(format);
        table.requireRoomFor(flat.rows(scored, view).schema());
        Dataset<Row> scratch = scored.persist(StorageLevel.DISK_ONLY());
        try {
            Map<String, Long> rows = progress(count, printer).during(() -> Statuses.count(scratch));
            new Acceptance(output.tolerance(), scoring, isPreview() ? "its first" : "its")
                    .require(
                            () -> scratch,
                            rows,
                            () -> corpusRows(session, spark, rows),
                            "column error of a run with --json and without --output");
            printer.print(Stream.of(scratch));
            summary.ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
            table.write(flat.rows(scratch, view), flat.options(), identity.footer());
            return rows;
        } finally {
            scratch.unpersist();
        }
    }

    private Dataset<Row> scored(CorpusSession session, SparkSession spark, LongAccumulator count) {
        OptionalInt first = isPreview() ? OptionalInt.of(output.rows()) : OptionalInt.empty();
        return whole(session, spark).scored(broadcast(spark), first, count);
    }

    private WholeCorpus whole(CorpusSession session, SparkSession spark) {
        return new WholeCorpus(spark, corpus, session, scoring, partitions);
    }

    private Map<String, Long> showOnly(CorpusSession session, SparkSession spark, RowPrinter printer) {
        LongAccumulator count = spark.sparkContext().longAccumulator();
        // All cores score before the rows are printed in their order, one partition after another.
        Dataset<Row> scratch = scored(session, spark, count).persist(StorageLevel.DISK_ONLY());
        try {
            Map<String, Long> rows = progress(count, printer).during(() -> Statuses.count(scratch));
            printer.print(Stream.of(scratch));
            summary.ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
            new Acceptance(output.tolerance(), scoring, isPreview() ? "its first" : "its")
                    .require(() -> scratch, rows, () -> corpusRows(session, spark, rows), "column error");
            return rows;
        } finally {
            scratch.unpersist();
        }
    }

    private static Progress progress(LongAccumulator count, RowPrinter printer) {
        return Progress.ofRows(OptionalLong.empty(), count::sum, printer.terminal());
    }

    /** Without an output, a table shows the first rows of a corpus: only those are scored, unless all add up to something. */
    private boolean isPreview() {
        return output.directory().isEmpty()
                && output.display() == Display.TABLE
                && summary.isEmpty()
                && corpus.texts().isEmpty();
    }

    Broadcast<ModelSpec> broadcast(SparkSession spark) {
        ModelSpec spec = identity.model().spec(scoring.head());
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(spec);
    }

    private String report(Map<String, Long> rows, Duration time) {
        long all = sum(rows);
        boolean maybeMore = isPreview() && all >= output.rows();
        String where = output.directory()
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
