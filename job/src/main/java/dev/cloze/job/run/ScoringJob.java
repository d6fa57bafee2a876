package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.corpus.Corpus;
import dev.cloze.job.corpus.CorpusReader;
import dev.cloze.job.corpus.ParquetOutput;
import dev.cloze.job.corpus.RunManifest;
import dev.cloze.model.ModelSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Reads a corpus, scores it on the executors, keeps the results and shows them: the job's one page.
 *
 * @param command name of the subcommand, for the manifest
 * @param settings every option's value, for the manifest
 * @param corpus where documents come from
 * @param model what scores them
 * @param scoring how documents become scored rows
 * @param view how they look on the terminal
 * @param summary what the rows add up to, if anything
 * @param partitions pieces the corpus is cut into; as it is read, but at least one for each core, when absent
 * @param output where results go
 */
public record ScoringJob(
        String command,
        Map<String, Object> settings,
        Corpus corpus,
        Bundle model,
        Scoring scoring,
        RowView view,
        Optional<Summary> summary,
        OptionalInt partitions,
        Output output) {

    public void run(SparkSession spark, Terminal terminal) {
        Instant started = Instant.now();
        summary.ifPresent(figures -> figures.check(spark));
        Optional<ParquetOutput> parquet = output.directory()
                .map(directory -> ParquetOutput.open(spark, directory, output.overwrite(), corpus.inputs()));
        Dataset<Row> scored =
                score(spark, balanced(spark, seen(new CorpusReader(spark, corpus).read(scoring.columns()))));
        int most = corpus.texts().isEmpty() ? output.rows() : corpus.texts().size();
        RowPrinter printer = new RowPrinter(view, output.display(), most, terminal);
        Map<String, Long> rows =
                parquet.isPresent() ? keep(scored, parquet.get(), started, printer) : showOnly(scored, printer);
        terminal.say(report(rows, Duration.between(started, Instant.now())));
    }

    private Map<String, Long> keep(Dataset<Row> scored, ParquetOutput parquet, Instant started, RowPrinter printer) {
        parquet.write(scored);
        Map<String, Long> rows = parquet.rows().groupBy("status").count().collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1), Long::sum, TreeMap::new));
        printer.print(parquet.pieces());
        summary.ifPresent(figures -> figures.add(parquet.rows(), Optional.of(parquet), printer));
        List<String> input = corpus.texts().isEmpty() ? corpus.inputs() : List.of("--text");
        parquet.publish(new RunManifest(command, settings, input, model, started, Instant.now(), rows));
        return rows;
    }

    private Map<String, Long> showOnly(Dataset<Row> scored, RowPrinter printer) {
        if (output.display() == Output.Display.TABLE && summary.isEmpty()) {
            return printer.print(List.of(scored));
        }
        // All cores score before the rows are printed in their order, one partition after another.
        Dataset<Row> scratch = scored.persist(StorageLevel.DISK_ONLY());
        scratch.count();
        Map<String, Long> shown = printer.print(List.of(scratch));
        summary.ifPresent(figures -> figures.add(scratch, Optional.empty(), printer));
        scratch.unpersist();
        return shown;
    }

    /** Without an output, a table shows the first rows of a corpus: only those are scored. */
    private Dataset<Row> seen(Dataset<Row> documents) {
        return isPreview() ? documents.limit(output.rows()) : documents;
    }

    private boolean isPreview() {
        return output.directory().isEmpty()
                && output.display() == Output.Display.TABLE
                && corpus.texts().isEmpty();
    }

    /** Work for every core: a corpus may come in one piece that cannot be cut. */
    private Dataset<Row> balanced(SparkSession spark, Dataset<Row> documents) {
        if (partitions.isPresent()) {
            return inPieces(documents, partitions.getAsInt());
        }
        if (!corpus.texts().isEmpty()) {
            return documents;
        }
        int cores = spark.sparkContext().defaultParallelism();
        return isPreview() || documents.rdd().getNumPartitions() < cores ? inPieces(documents, cores) : documents;
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

    private Dataset<Row> score(SparkSession spark, Dataset<Row> documents) {
        ModelSpec spec = ModelSpec.of(model, scoring.purpose());
        return scoring.score(
                documents,
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(spec));
    }

    private String report(Map<String, Long> rows, Duration time) {
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
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
