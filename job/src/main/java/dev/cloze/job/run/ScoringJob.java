package dev.cloze.job.run;

import dev.cloze.job.chunks.Progress;
import dev.cloze.job.corpus.Corpus;
import dev.cloze.job.corpus.TableOutput;
import dev.cloze.model.ModelSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
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
        summary.ifPresent(figures -> figures.check(spark, output));
        // A text of the command line may become several rows.
        int most = corpus.texts().isEmpty() ? output.rows() : Integer.MAX_VALUE;
        RowPrinter printer = new RowPrinter(view, output.display(), most, terminal);
        Map<String, Long> rows = rows(spark, started, printer);
        terminal.say(report(rows, Duration.between(started, Instant.now())));
    }

    private Map<String, Long> rows(SparkSession spark, Instant started, RowPrinter printer) {
        if (output.directory().isEmpty()) {
            return showOnly(spark, printer);
        }
        String place = output.directory().get();
        return output.format().isPresent()
                ? write(spark, output.format().get(), place, printer)
                : new KeptRun(this, spark, printer).score(place, started);
    }

    /** Rows of the corpus, of which those with {@code results} are all that could fail. */
    private long corpusRows(SparkSession spark, Map<String, Long> results) {
        return scoring.isOneForOne() ? sum(results) : whole(spark).rows();
    }

    static long sum(Map<String, Long> rows) {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of rows of each status. */
    static Map<String, Long> statuses(Dataset<Row> rows) {
        return rows.groupBy("status").count().collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1), Long::sum, TreeMap::new));
    }

    /** Scores all rows, and then writes them at once, so that a run that fails leaves alone what was there. */
    private Map<String, Long> write(SparkSession spark, String format, String place, RowPrinter printer) {
        SaveMode mode = output.overwrite() ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
        TableOutput table = TableOutput.open(spark, format, place, mode, corpus.inputs());
        LongAccumulator count = spark.sparkContext().longAccumulator();
        Dataset<Row> scored = scored(spark, count);
        table.requireRoomFor(scored.schema());
        Dataset<Row> scratch = scored.persist(StorageLevel.DISK_ONLY());
        Progress told = Progress.ofRows(OptionalLong.empty(), count::sum, printer.terminal());
        try {
            Map<String, Long> rows = statuses(scratch);
            output.tolerance()
                    .require(
                            rows,
                            () -> corpusRows(spark, rows),
                            "column error of a run with --json and without --output");
            printer.print(List.of(scratch));
            summary.ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
            table.write(scratch, identity.footer());
            return rows;
        } finally {
            told.close();
            scratch.unpersist();
        }
    }

    private Dataset<Row> scored(SparkSession spark, LongAccumulator count) {
        OptionalInt first = isPreview() ? OptionalInt.of(output.rows()) : OptionalInt.empty();
        return whole(spark).scored(broadcast(spark), first, count);
    }

    private WholeCorpus whole(SparkSession spark) {
        return new WholeCorpus(spark, corpus, scoring, partitions);
    }

    private Map<String, Long> showOnly(SparkSession spark, RowPrinter printer) {
        LongAccumulator count = spark.sparkContext().longAccumulator();
        Progress told = Progress.ofRows(OptionalLong.empty(), count::sum, printer.terminal());
        try {
            return showOnly(spark, scored(spark, count), printer);
        } finally {
            told.close();
        }
    }

    private Map<String, Long> showOnly(SparkSession spark, Dataset<Row> scored, RowPrinter printer) {
        if (output.display() == Output.Display.TABLE && summary.isEmpty()) {
            Map<String, Long> shown = printer.print(List.of(scored));
            output.tolerance().require(shown, () -> sum(shown), "column error");
            return shown;
        }
        // All cores score before the rows are printed in their order, one partition after another.
        Dataset<Row> scratch = scored.persist(StorageLevel.DISK_ONLY());
        scratch.count();
        Map<String, Long> shown = printer.print(List.of(scratch));
        summary.ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
        scratch.unpersist();
        output.tolerance().require(shown, () -> corpusRows(spark, shown), "column error");
        return shown;
    }

    /** Without an output, a table shows the first rows of a corpus: only those are scored, unless all add up to something. */
    private boolean isPreview() {
        return output.directory().isEmpty()
                && output.display() == Output.Display.TABLE
                && summary.isEmpty()
                && corpus.texts().isEmpty();
    }

    Broadcast<ModelSpec> broadcast(SparkSession spark) {
        ModelSpec spec = identity.model().spec(scoring.purpose());
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(spec);
    }

    private String report(Map<String, Long> rows, Duration time) {
        long all = sum(rows);
        String each = rows.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", "));
        boolean maybeMore = isPreview() && all == output.rows();
        String where = output.directory()
                .map(directory -> "written to " + directory)
                .orElse(maybeMore ? "there may be more, --output DIR scores all" : "shown, not kept");
        String list = each.isEmpty() ? "" : " (" + each + ")";
        String noun = all == 1 ? "row" : "rows";
        return String.format(Locale.ROOT, "%,d %s%s in %.1f s; %s", all, noun, list, time.toMillis() / 1e3, where);
    }
}
