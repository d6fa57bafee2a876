package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;

import dev.cloze.job.chunks.Batches;
import dev.cloze.job.chunks.ChunkedRun;
import dev.cloze.job.chunks.Statuses;
import dev.cloze.job.chunks.Work;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.output.OutputPlace;
import dev.cloze.job.output.RunFigures;
import dev.cloze.job.output.RunHistory;
import dev.cloze.job.output.RunManifest;
import dev.cloze.job.plan.ChangedFiles;
import dev.cloze.job.plan.RowNumbers;
import dev.cloze.job.terminal.Display;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.scoring.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A job whose results are kept chunk by chunk, and are complete only when all is there.
 *
 * @param job what is done
 * @param corpus what the run keeps of it
 */
record DurableRun(ScoringJob job, SparkSession spark, CorpusSession corpus, RowPrinter printer) {
    private static final String FAILED = Status.FAILED.label();

    /** Scores all rows, chunk by chunk, or what an earlier run left of them; number of rows of each status. */
    Map<String, Long> score(String directory, Instant started) {
        OutputPlace place = OutputPlace.open(
                spark, directory, job.output().mode(), job.corpus().inputs());
        ChunkedRun.readInChunks(spark);
        Dataset<Row> documents = new CorpusReader(corpus).read(job.scoring().columns());
        if (job.corpus().columns().row() != Corpus.RowColumn.NONE
                && job.corpus().texts().isEmpty()) {
            RowNumbers.requireFiles(documents);
        }
        ChunkedRun run = run(place, documents);
        Work work = work(documents);
        run.begin(started);
        run.score(work, job.partitions(), Batches.ACROSS_CHUNKS, changes(), printer.terminal());
        run.requireReadable(job.output().badFiles(), work);
        Map<String, Long> rows = accept(run, place, work.schema());
        printer.print(
                printer.display() == Display.JSON
                        ? run.pieces(work.schema())
                        : run.first(printer.most(), work.schema()));
        job.summary()
                .ifPresent(figures -> figures.add(
                        run.rows(work.schema()), run.id(), Optional.of(new RunFigures(place.directory())), printer));
        place.publish(manifest(run, rows));
        if (!run.unreadable().reasons().isEmpty()) {
            printer.terminal().say(run.unreadable().skipped());
        }
        return rows;
    }

    private Work work(Dataset<Row> documents) {
        Dataset<Row> arranged = job.scoring().arrange(documents);
        return new Work(
                documents,
                arranged,
                job.scoring().cost(arranged.schema()),
                job.scoring().scorer(job.broadcast(spark), arranged.schema()),
                job.scoring().schema(arranged.schema()),
                job.identity().footer(),
                rowColumn(arranged),
                printer.display() == Display.JSON ? 0 : printer.most());
    }

    /** Where the scorer's rows tell their place in the corpus. */
    private OptionalInt rowColumn(Dataset<Row> arranged) {
        return job.corpus().columns().row() == Corpus.RowColumn.NONE
                ? OptionalInt.empty()
                : OptionalInt.of(arranged.schema().fieldIndex(CorpusReader.ROW));
    }

    /** Results that are replaced may come from any corpus. */
    private ChangedFiles changes() {
        return job.output().refresh() || job.output().overwrite() ? ChangedFiles.SCORE_ANEW : ChangedFiles.REFUSE;
    }

    /** Keeps rows that failed in a place of their own, and fails when there are too many, or nothing else. */
    private Map<String, Long> accept(ChunkedRun run, OutputPlace place, StructType schema) {
        Map<String, Long> rows = run.statuses(schema);
        Supplier<Dataset<Row>> scored = () -> run.rows(schema);
        new RunFigures(place.directory())
                .writeFailed(
                        rows.containsKey(FAILED)
                                ? Optional.of(scored.get().filter(col("status").equalTo(FAILED)))
                                : Optional.empty());
        new Acceptance(job.output().tolerance(), job.scoring(), "its")
                .require(
                        Results.of(scored),
                        rows,
                        () -> Statuses.sum(job.scoring().isOneForOne() && !rows.isEmpty() ? rows : run.chunks()),
                        place.directory().path().toUri().getPath() + "/_failed");
        return rows;
    }

    private RunManifest manifest(ChunkedRun run, Map<String, Long> rows) {
        List<RunHistory.Attempt> attempts = run.finish(Instant.now());
        return new RunManifest(
                run.id(),
                run.fingerprint(),
                job.identity().command(),
                attempts.get(0).started(),
                RunManifest.finished(attempts),
                rows,
                job.corpus().texts().isEmpty() ? inputs() : List.of("--text"),
                run.inputs(),
                RunManifest.Model.of(job.identity().model().bundle()),
                run.providers(),
                RunManifest.Programs.here(spark.version()),
                job.identity().shownSettings(),
                run.chunks(),
                run.unreadable().reasons(),
                attempts);
    }

    private List<String> inputs() {
        return job.corpus().inputs().stream().map(Secrets::location).toList();
    }

    private ChunkedRun run(OutputPlace place, Dataset<Row> documents) {
        // Files are compared one by one; of anything else there is only the name.
        Map<String, String> parts = new TreeMap<>(job.identity().parts());
        // Files of results cannot be read together when their columns are of other types.
        parts.put("the schema", CorpusReader.carried(documents.schema()));
        if (!ChunkedRun.isFromFiles(documents)) {
            parts.putAll(corpus.identity());
        }
        if (job.output().overwrite()
                && !ChunkedRun.mayGoOn(spark, place.directory().path(), parts)) {
            place.beginAnew();
        }
        ChunkedRun run = ChunkedRun.open(spark, place.directory().path(), parts);
        run.requireSame();
        return run;
    }
}
