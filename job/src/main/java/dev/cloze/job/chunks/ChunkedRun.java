package dev.cloze.job.chunks;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.corpus.BadFiles;
import dev.cloze.job.corpus.UnreadableFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * A run whose results are durable chunk by chunk in a directory. The same run started again does what is missing; another run is
 * refused.
 */
public final class ChunkedRun {
    private static final String INPUT = "_input";
    private static final String SUCCESS = "_SUCCESS";
    private static final String CHUNK = "chunk-";

    private final SparkSession spark;
    private final Path directory;
    private final FileSystem files;
    private final TreeMap<String, String> identity;
    private RunPlan plan;

    private ChunkedRun(SparkSession spark, Path directory, FileSystem files, Map<String, String> identity) {
        this.spark = spark;
        this.directory = directory;
        this.files = files;
        this.identity = new TreeMap<>(identity);
    }

    /**
     * The run that writes to {@code directory}; reads the plan of an earlier one there.
     *
     * @param identity what must be the same for this run to go on with an earlier one: settings by their names, and more
     */
    public static ChunkedRun open(SparkSession spark, Path directory, Map<String, String> identity) {
        try {
            FileSystem files = directory.getFileSystem(spark.sessionState().newHadoopConf());
            ChunkedRun run = new ChunkedRun(spark, files.makeQualified(directory), files, identity);
            Optional<RunPlan> earlier = new PlanFile(files, directory).recover();
            run.plan = earlier.orElse(null);
            if (earlier.isEmpty() && run.isTaken()) {
                throw ClozeException.user(
                        "write " + directory,
                        "it exists already and is no run that could be gone on with",
                        "add --overwrite to replace it, or choose another");
            }
            return run;
        } catch (IOException e) {
            throw unwritable(directory, e);
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

    private boolean isTaken() throws IOException {
        if (!files.exists(directory)) {
            return false;
        }
        for (FileStatus status : files.listStatus(directory)) {
            String name = status.getPath().getName();
            if (!name.equals(INPUT) && !name.equals(ChunkWriter.UNFINISHED) && !name.startsWith(PlanFile.NAME)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code directory} holds nothing but what the run of that identity would go on with. */
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

    /** What differs from the run that is there, in words. */
    private List<String> differences() {
        List<String> differences = new ArrayList<>();
        if (plan == null) {
            return differences;
        }
        Set<String> keys = new TreeSet<>(identity.keySet());
        keys.addAll(plan.identity().keySet());
        for (String key : keys) {
            String then = plan.identity().getOrDefault(key, "absent");
            String now = identity.getOrDefault(key, "absent");
            if (!then.equals(now)) {
                differences.add(key + " was " + then + ", it is " + now);
            }
        }
        return differences;
    }

    /** Fails when another run is there. */
    public void requireSame() {
        List<String> differences = differences();
        if (!differences.isEmpty()) {
            throw ClozeException.user(
                    "go on with " + directory.toUri().getPath(),
                    String.join("; ", differences),
                    "give the same settings, or begin anew with --overwrite, or choose another --output");
        }
    }

    /**
     * Scores what is missing.
     *
     * @param documents the corpus as it was read
     * @param arranged the same rows as {@code scorer} takes them
     * @param pieces chunks to cut the corpus into, about so many; when absent, as small as is worth a task
     * @param refresh whether files that changed since the plan was made are scored anew; otherwise they are refused
     * @param footer what every file of results says of itself
     * @param progress is told how much there is to do
     */
    public void score(
            Dataset<Row> documents,
            Dataset<Row> arranged,
            Effort effort,
            OptionalInt pieces,
            boolean refresh,
            MapPartitionsFunction<Row, Row> scorer,
            StructType schema,
            Map<String, String> footer,
            Consumer<String> progress) {
        try {
            if (!files.mkdirs(directory)) {
                throw new IOException("the directory cannot be made");
            }
            List<String> sources = sources(documents, arranged);
            if (plan != null && !plan.sources().equals(sources)) {
                requireRefresh(refresh, changed(plan.sources(), sources));
                files.delete(new Path(directory, INPUT), true);
            }
            Dataset<Row> rows = fromFiles(arranged);
            List<Split> splits = Split.of(rows).orElseThrow();
            settle(
                    new Planning(rows.javaRDD(), withEmptyFiles(splits, rows), sources, identity, effort),
                    pieces,
                    refresh);
            List<Chunk> chunks = plan.chunks(splits);
            Set<String> durable = durable();
            List<Chunk> missing = chunks.stream()
                    .filter(chunk -> !durable.contains(chunk.file()))
                    .toList();
            if (!durable.isEmpty()) {
                progress.accept(
                        missing.isEmpty()
                                ? "all " + chunks.size() + " chunks are there, nothing is left to score"
                                : "going on: " + (chunks.size() - missing.size()) + " of " + chunks.size()
                                        + " chunks are there");
            }
            if (!missing.isEmpty()) {
                files.delete(new Path(directory, SUCCESS), false);
                ChunkWriter writer = ChunkWriter.of(spark, directory, schema, footer);
                LongAccumulator scored = spark.sparkContext().longAccumulator();
                Progress told = Progress.of(missing.size(), scored::sum, progress);
                try {
                    new ChunkRdd(rows.rdd(), missing, scorer, writer, scored).count();
                } finally {
                    told.close();
                }
            }
            requireAll(chunks);
            files.delete(new Path(directory, ChunkWriter.UNFINISHED), true);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static ClozeException unwritable(Path directory, IOException e) {
        return ClozeException.resources(
                "write " + directory.toUri().getPath(),
                String.valueOf(e.getMessage()),
                "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                e);
    }

    /** The rows as they stand in files; others are copied into files first, so that every run sees the same. */
    private Dataset<Row> fromFiles(Dataset<Row> rows) throws IOException {
        if (Split.of(rows).isPresent()) {
            return rows;
        }
        Path copy = new Path(directory, INPUT);
        if (!files.exists(new Path(copy, SUCCESS))) {
            rows.write().mode("overwrite").option("compression", "zstd").parquet(copy.toString());
        }
        String[] parts = Arrays.stream(
                        files.listStatus(copy, path -> path.getName().startsWith("part-")))
                .map(part -> part.getPath().toString())
                .toArray(String[]::new);
        return spark.read().schema(rows.schema()).parquet(parts);
    }

    /** Splits that a corpus is copied from; none when it is not copied, or does not come from files. */
    private static List<String> sources(Dataset<Row> documents, Dataset<Row> arranged) {
        if (Split.of(arranged).isPresent()) {
            return List.of();
        }
        return Split.of(documents).orElse(List.of()).stream().map(Split::name).toList();
    }

    /** The files of splits that are in one list only. */
    private static List<String> changed(List<String> then, List<String> now) {
        Set<String> both = new HashSet<>(then);
        both.retainAll(now);
        return Stream.concat(then.stream(), now.stream())
                .filter(split -> !both.contains(split))
                .map(split -> split.substring(0, split.indexOf('\n')))
                .distinct()
                .sorted()
                .toList();
    }

    private void requireRefresh(boolean refresh, List<String> changed) {
        if (!refresh) {
            throw ClozeException.user(
                    "go on with " + directory.toUri().getPath(),
                    "the corpus changed: " + UnreadableFiles.some(changed),
                    "score what changed with --refresh, or begin anew with --overwrite");
        }
    }

    private static List<Split> withEmptyFiles(List<Split> splits, Dataset<Row> rows) {
        return Stream.concat(splits.stream(), EmptyFiles.of(rows).stream())
                .sorted(Split.ORDER)
                .toList();
    }

    /** Makes the plan what the corpus is now. Files that could not be read are tried anew. */
    private void settle(Planning planning, OptionalInt pieces, boolean refresh) throws IOException {
        if (plan != null) {
            List<String> changed = changed(
                    plan.splitNames(),
                    planning.splits().stream().map(Split::name).toList());
            if (changed.isEmpty() && plan.problems().isEmpty()) {
                return;
            }
            if (!changed.isEmpty()) {
                requireRefresh(refresh, changed);
            }
        }
        RunPlan now = plan == null ? planning.first(pieces) : planning.again(plan);
        if (now.equals(plan)) {
            return;
        }
        plan = now;
        // From here on what is there is a part.
        files.delete(new Path(directory, SUCCESS), false);
        new PlanFile(files, directory).write(plan);
        Set<String> wanted = plan.files().keySet();
        for (String file : durable()) {
            if (!wanted.contains(file)) {
                files.delete(new Path(directory, file), false);
            }
        }
    }

    /** Files of the corpus that could not be read, of which nothing was scored. */
    public UnreadableFiles unreadable() {
        return new UnreadableFiles(plan.problems());
    }

    /** Fails, and says that the run is not whole, when files could not be read. */
    public void requireReadable(BadFiles policy) {
        if (plan.problems().isEmpty() || policy == BadFiles.SKIP && !plan.isUnreadable()) {
            return;
        }
        try {
            files.delete(new Path(directory, SUCCESS), false);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        throw unreadable()
                .failure(
                        "repair or remove such files and run the same command with --refresh or --overwrite, or leave them out"
                                + " with --bad-files skip: chunks of the others stay");
    }

    /** Names of the chunks that are there. */
    private Set<String> durable() throws IOException {
        Set<String> names = new HashSet<>();
        for (FileStatus status :
                files.listStatus(directory, path -> path.getName().startsWith(CHUNK))) {
            names.add(status.getPath().getName());
        }
        return names;
    }

    private void requireAll(List<Chunk> chunks) throws IOException {
        Set<String> durable = durable();
        Set<String> planned = new HashSet<>();
        chunks.forEach(chunk -> planned.add(chunk.file()));
        planned.removeAll(durable);
        if (!planned.isEmpty()) {
            throw ClozeException.resources(
                    "find the results in " + directory,
                    planned.size() + " of " + chunks.size() + " chunks were written and are not there",
                    "use a directory that the driver and all executors share, such as one of hdfs: or s3a:",
                    null);
        }
    }

    /** The results, file by file in the order of the corpus. */
    public List<Dataset<Row>> pieces(StructType schema) {
        return plan.files().keySet().stream()
                .map(name -> spark.read().schema(schema).parquet(new Path(directory, name).toString()))
                .toList();
    }

    /** All results. */
    public Dataset<Row> rows(StructType schema) {
        String[] paths = plan.files().keySet().stream()
                .map(name -> new Path(directory, name).toString())
                .toArray(String[]::new);
        return paths.length == 0
                ? spark.createDataFrame(List.of(), schema)
                : spark.read().schema(schema).parquet(paths);
    }

    /** How many chunks each provider of ONNX Runtime computed, as they say themselves. */
    public Map<String, Long> providers() {
        return new Footers(spark, directory)
                .count(ChunkWriter.PROVIDER, plan.files().keySet());
    }

    /** Names the run. */
    public String id() {
        return plan.run();
    }

    /** Rows of each chunk by its file's name, in the order of the corpus. */
    public Map<String, Long> chunks() {
        return plan.files();
    }
}
