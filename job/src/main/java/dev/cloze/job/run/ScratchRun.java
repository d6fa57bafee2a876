package dev.cloze.job.run;

import dev.cloze.job.chunks.LiveMetrics;
import dev.cloze.job.chunks.Statuses;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.output.TableOutput;
import dev.cloze.job.terminal.RowPrinter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * A job whose rows are all scored before any is shown or written, so that a run that fails leaves alone what was there. It cannot be
 * resumed.
 *
 * @param job what is done
 * @param corpus what the run keeps of it
 */
record ScratchRun(ScoringJob job, SparkSession spark, CorpusSession corpus, RowPrinter printer) {

    /** Scores all rows, and then writes them to {@code place} at once. */
    Map<String, Long> write(String format, String place) {
        TableOutput table = TableOutput.open(
                spark, format, place, job.output().mode(), job.corpus().inputs());
        LiveMetrics live = LiveMetrics.of(spark.sparkContext());
        Dataset<Row> scored = scored(live);
        FlatFormat flat = new FlatFormat(format);
        table.requireRoomFor(flat.rows(scored, job.view()).schema());
        Dataset<Row> scratch = scored.persist(StorageLevel.DISK_ONLY());
        try {
            Map<String, Long> rows = reporting(live, () -> Statuses.count(scratch));
            new Acceptance(job.output().tolerance(), job.scoring(), "its")
                    .require(
                            Results.of(() -> scratch),
                            rows,
                            () -> corpusRows(rows),
                            "column error of a run with --json and without --output");
            printer.print(Stream.of(scratch));
            job.summary().ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
            table.write(
                    flat.rows(scratch, job.view()),
                    flat.options(),
                    job.identity().footer());
            return rows;
        } finally {
            scratch.unpersist();
        }
    }

    private Dataset<Row> scored(LiveMetrics live) {
        OptionalInt first = job.isPreview() ? OptionalInt.of(job.output().rows()) : OptionalInt.empty();
        return whole().scored(job.broadcast(spark), first, live.counting());
    }

    private WholeCorpus whole() {
        return new WholeCorpus(spark, job.corpus(), corpus, job.scoring(), job.partitions());
    }

    /** Scores rows and shows them: all, or the first ones when no more are seen. */
    Map<String, Long> show() {
        LiveMetrics live = LiveMetrics.of(spark.sparkContext());
        // All cores score before the rows are printed in their order, one partition after another.
        Dataset<Row> scratch = scored(live).persist(StorageLevel.DISK_ONLY());
        try {
            Map<String, Long> rows = reporting(live, () -> Statuses.count(scratch));
            printer.print(Stream.of(scratch));
            job.summary().ifPresent(figures -> figures.add(scratch, "", Optional.empty(), printer));
            new Acceptance(job.output().tolerance(), job.scoring(), job.isPreview() ? "its first" : "its")
                    .require(Results.of(() -> scratch), rows, () -> corpusRows(rows), "column error");
            return rows;
        } finally {
            scratch.unpersist();
        }
    }

    private <T> T reporting(LiveMetrics live, Supplier<T> work) {
        return live.reporting(OptionalLong.empty(), printer.terminal(), work);
    }

    /** Rows of the corpus that were scored; {@code results} are what became of them. */
    private long corpusRows(Map<String, Long> results) {
        if (job.scoring().isOneForOne() && !results.isEmpty()) {
            return Statuses.sum(results);
        }
        long all = whole().rows();
        return job.isPreview() ? Math.min(all, job.output().rows()) : all;
    }
}
