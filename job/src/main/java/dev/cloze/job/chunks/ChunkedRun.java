package dev.cloze.job.chunks;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.BadFiles;
import dev.cloze.job.input.InputFile;
import dev.cloze.job.input.UnreadableFiles;
import dev.cloze.job.output.AttemptMetrics;
import dev.cloze.job.output.ResultReader;
import dev.cloze.job.output.RunDirectory;
import dev.cloze.job.output.RunHistory;
import dev.cloze.job.plan.ChangedFiles;
import dev.cloze.job.plan.Chunk;
import dev.cloze.job.plan.RowPlace;
import dev.cloze.job.plan.RunPlan;
import dev.cloze.job.plan.Split;
import dev.cloze.scoring.Metrics;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A run whose results are durable chunk by chunk in a directory. The same run started again does what is missing; another run is
 * refused.
 */
public final class ChunkedRun {
    private final SparkSession spark;
    private final RunDirectory files;
    private final TreeMap<String, String> identity;
    private final ChunkResults results = new ChunkResults();
    /** Why files could not be read that could when the plan was made, by their paths. */
    private final TreeMap<String, String> unread = new TreeMap<>();

    private RunPlan plan;
    private RunHistory.Current attempt;
    private boolean changed = true;
    private long scored;
    private Metrics total = new Metrics();

    private ChunkedRun(SparkSession spark, RunDirectory files, Map<String, String> identity) {
        this.spark = spark;
        this.files = files;
        this.identity = new TreeMap<>(identity);
    }

    /**
     * The run that writes to {@code directory}; reads the plan of an earlier one there.
     *
     * @param identity what must be the same for this run to resume an earlier one: settings by their names, and more
     */
    public static ChunkedRun open(SparkSession spark, Path directory, Map<String, String> identity) {
        try {
            RunDirectory files = RunDirectory.in(directory, spark);
            ChunkedRun run = new ChunkedRun(spark, files, identity);
            Optional<RunPlan> earlier = files.plan();
            run.plan = earlier.orElse(null);
            if (earlier.isEmpty() && files.isTaken()) {
                throw ClozeException.user(
                        "write " + directory,
                        "it exists already and holds no run that can be resumed",
                        "add --overwrite to replace it, or choose another");
            }
            return run;
        } catch (IOException e) {
            throw RunDirectory.unwritable(directory, e);
        }
    }

    /** Lets Spark read files in pieces that depend on nothing but the files. */
    public static void readInChunks(SparkSession spark) {
        Split.prepare(spark);
    }

    /** Whether the rows come straight from files, in the pieces of {@link #readInChunks}. */
    public static boolean isFromFiles(Dataset<Row> rows) {
        return Split.of(rows).isPresent();
    }

    /** Whether {@code directory} holds nothing but what the run of that identity would resume. */
    public static boolean mayGoOn(SparkSession spark, Path directory, Map<String, String> identity) {
        try {
            return open(spark, directory, identity).differences().isEmpty();
        } catch (ClozeException e) {
            if (e.kind() == ClozeException.Kind.USER) {
                return false;
            }
            throw e;
        }
    }

    private List<String> differences() {
        return plan == null ? List.of() : plan.differences(identity);
    }

    /** Fails when another run is there. */
    public void requireSame() {
        List<String> differences = differences();
        if (!differences.isEmpty()) {
            throw ClozeException.user(
                    "resume " + files.name(),
                    String.join("; ", differences),
                    "give the same settings, or begin anew with --overwrite, or choose another --output");
        }
    }

    /** Notes that this run begins to write. */
    public void begin(Instant started) {
        try {
            attempt = files.begin(identity.get("command"), started);
        } catch (IOException e) {
            throw files.unwritable(e);
        }
    }

    /** Notes that all is written; every time that a command wrote here. */
    public List<RunHistory.Attempt> finish(Instant finished) {
        try {
            if (changed) {
                attempt.finish(finished, scored, AttemptMetrics.of(total, taskCores()));
            } else {
                attempt.finishUnchanged(finished);
            }
            return files.attempts();
        } catch (IOException e) {
            throw files.unwritable(e);
        }
    }

    private int taskCores() {
        return spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
    }

    /**
     * Scores what is missing.
     *
     * @param pieces chunks to cut the corpus into, about so many; when absent, as small as is worth a task
     * @param batches which rows are scored together
     * @param changes what becomes of files that changed since the plan was made
     * @param listener receives how much there is to do
     */
    public void score(Work work, OptionalInt pieces, Batches batches, ChangedFiles changes, RunListener listener) {
        try {
            Optional<RunPlan> earlier = Optional.ofNullable(plan);
            boolean wasComplete = files.isComplete();
            PlanReconciler.Reconciled reconciled = reconcile(work, pieces, changes, listener);
            plan = reconciled.plan();
            // What adds the chunks up is written anew in any case, and is never that of other chunks.
            files.markUnfinished();
            files.requireNothingElse();
            WrittenChunks written = new WrittenChunks(spark, files, plan);
            Map<String, String> there = written.providers(listener::say);
            results.addEarlier(there);
            List<Chunk> missing = written.missing(reconciled.splits(), there.keySet(), listener::say);
            changed = !wasComplete || !missing.isEmpty() || !earlier.equals(Optional.of(plan));
            if (!missing.isEmpty()) {
                score(reconciled, work, missing, groups(pieces, batches, missing), listener);
            } else {
                writeEmpty(work);
            }
            written.requireAllBut(unread);
        } catch (IOException e) {
            throw files.unwritable(e);
        }
    }

    private PlanReconciler.Reconciled reconcile(
            Work work, OptionalInt pieces, ChangedFiles changes, RunListener listener) throws IOException {
        PlanReconciler reconciler = new PlanReconciler(files, Optional.ofNullable(plan), identity, changes);
        return Progress.of(seconds -> "reading the corpus, " + Progress.time(seconds), listener)
                .during(() -> reconciler.reconcile(work, pieces));
    }

    /** Where the corpus has no rows, the file in which readers find the columns. */
    private void writeEmpty(Work work) throws IOException {
        String file = plan.emptyFile();
        if (plan.files().containsKey(file)) {
            Map<String, String> footer = Map.of(ChunkWriter.PROVIDER, ChunkWriter.NO_PROVIDER);
            ChunkWriter.Written empty = writer(work).write(file, plan.run(), Collections.emptyIterator(), footer, 0);
            note(ChunkResult.written(file, ChunkWriter.NO_PROVIDER, empty));
        }
    }

    private void note(ChunkResult result) {
        result.unread()
                .ifPresentOrElse(file -> unread.putIfAbsent(file.path(), file.reason()), () -> results.add(result));
    }

    private ChunkWriter writer(Work work) {
        Map<String, String> footer = new TreeMap<>(work.footer());
        footer.put("cloze.run", plan.run());
        footer.put("cloze.fingerprint", plan.fingerprint());
        return ChunkWriter.of(spark, files.path(), work.schema(), footer);
    }

    private void score(
            PlanReconciler.Reconciled reconciled,
            Work work,
            List<Chunk> missing,
            ChunkGroups groups,
            RunListener listener) {
        long rows = missing.stream().mapToLong(Chunk::rows).sum();
        RowPlace place = new RowPlace(work.rowColumn());
        LiveMetrics live = LiveMetrics.of(spark.sparkContext());
        ChunkRdd chunks = new ChunkRdd(
                reconciled.rows().rdd(),
                groups.of(missing),
                work.scorer(),
                writer(work),
                place,
                live.counting(),
                work.shown());
        live.reporting(OptionalLong.of(rows), listener, () -> chunks.toJavaRDD().collect())
                .forEach(this::note);
        total = live.total();
        scored = missing.size();
    }

    /** A number of pieces that somebody wants is a number of tasks. */
    private ChunkGroups groups(OptionalInt pieces, Batches batches, List<Chunk> missing) {
        if (batches == Batches.WITHIN_CHUNKS) {
            return ChunkGroups.EACH;
        }
        return pieces.isPresent()
                ? new ChunkGroups(plan.chunkCost())
                : ChunkGroups.on(
                        spark.sparkContext().defaultParallelism(),
                        missing.stream().mapToLong(Chunk::cost).sum());
    }

    /** Files of the corpus that could not be read, of which nothing was scored, or not all. */
    public UnreadableFiles unreadable() {
        return new UnreadableFiles(plan.without(unread).problems());
    }

    /**
     * Fails, and marks the run as incomplete, when files could not be read; or leaves them out.
     *
     * @param work that was scored
     */
    public void requireReadable(BadFiles policy, Work work) {
        RunPlan readable = plan.without(unread);
        if (readable.problems().isEmpty()) {
            return;
        }
        try {
            if (policy == BadFiles.SKIP && !readable.isUnreadable()) {
                leaveOut(readable, work);
                return;
            }
            files.markUnfinished();
        } catch (IOException e) {
            throw files.unwritable(e);
        }
        throw unreadable()
                .failure("repair or remove such files and run the same command with --refresh or --overwrite, or leave"
                        + " them out with --bad-files skip: chunks of the others stay");
    }

    /** Nothing of a file stays that was scored in part. */
    private void leaveOut(RunPlan readable, Work work) throws IOException {
        if (!unread.isEmpty()) {
            plan = readable;
            unread.clear();
            files.begin(plan);
            writeEmpty(work);
        }
    }

    /** The results, file by file in the order of the corpus, each when it is asked for. */
    public Stream<Dataset<Row>> pieces(StructType schema) {
        return reading(schema).pieces(plan.files().keySet());
    }

    /**
     * The results in the order of the corpus, for a caller that needs the first {@code count} of them. The stream begins with those
     * that tasks have returned, if any, and then reads chunk by chunk, each when it is asked for.
     */
    public Stream<Dataset<Row>> first(int count, StructType schema) {
        return results.first(count, chunkFiles(), reading(schema));
    }

    /** All results. */
    public Dataset<Row> rows(StructType schema) {
        return reading(schema).all(plan.files().keySet());
    }

    private ResultReader reading(StructType schema) {
        return new ResultReader(spark, files.path(), schema);
    }

    /** How many chunks each provider of ONNX Runtime computed, as they say themselves. */
    public Map<String, Long> providers() {
        return results.providers(chunkFiles());
    }

    /** Number of rows of each status. Tasks have counted those of their chunks; chunks of earlier attempts are read. */
    public Map<String, Long> statuses(StructType schema) {
        return results.statuses(chunkFiles(), reading(schema));
    }

    private List<String> chunkFiles() {
        return List.copyOf(plan.files().keySet());
    }

    /** Names the run. */
    public String id() {
        return plan.run();
    }

    /** A digest of all that must be the same for another run to resume this one. */
    public String fingerprint() {
        return plan.fingerprint();
    }

    /** The files that are scored, in their order; empty when the corpus does not lie in files. */
    public List<InputFile> inputs() {
        return plan.inputs().stream().filter(file -> !files.isCopy(file.path())).toList();
    }

    /** Rows of each chunk by its file's name, in the order of the corpus. */
    public Map<String, Long> chunks() {
        return plan.files();
    }
}
