package dev.cloze.job.chunks;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.output.OwnDirectory;
import dev.cloze.job.output.ParquetOutput;
import dev.cloze.job.output.RunHistory;
import dev.cloze.job.output.SideRows;
import dev.cloze.job.plan.PlanFile;
import dev.cloze.job.plan.RunPlan;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a run keeps in its directory: the plan, chunks, the copy of a corpus that does not lie in files, and the mark that all is there.
 *
 * @param directory fully qualified
 */
record RunFiles(FileSystem files, Path directory) {
    private static final String INPUT = "_input";
    private static final String SUCCESS = "_SUCCESS";
    /** Directories that a run removes. */
    private static final String[] REMOVED = Stream.concat(
                    Stream.of(INPUT, ChunkWriter.UNFINISHED), ParquetOutput.FIGURES.stream())
            .toArray(String[]::new);

    private static final Pattern CHUNK = Pattern.compile("chunk-[0-9a-f]{20}\\.zstd\\.parquet");

    static RunFiles in(Path directory, SparkSession spark) throws IOException {
        FileSystem files = directory.getFileSystem(
                PlainLocalFileSystem.in(spark.sessionState().newHadoopConf()));
        return new RunFiles(files, files.makeQualified(directory));
    }

    /** The directory as a user names it. */
    String name() {
        return directory.toUri().getPath();
    }

    private void makeDirectory() throws IOException {
        if (!files.mkdirs(directory)) {
            throw new IOException("the directory cannot be made");
        }
    }

    /** Whether anything is there that no run leaves before its plan, or what looks like it is another's. */
    boolean isTaken() throws IOException {
        if (!files.exists(directory)) {
            return false;
        }
        boolean left = Arrays.stream(files.listStatus(directory))
                .map(status -> status.getPath().getName())
                .allMatch(name -> name.equals(INPUT)
                        || name.equals(ChunkWriter.UNFINISHED)
                        || name.equals(RunHistory.DIRECTORY)
                        || name.startsWith(PlanFile.NAME));
        return !left || !own().isReplaceable();
    }

    private OwnDirectory own() {
        return OwnDirectory.of(files, directory);
    }

    /** Notes that a run of {@code command} begins to write. */
    RunHistory.Current begin(String command, Instant started) throws IOException {
        makeDirectory();
        return RunHistory.in(files, directory).begin(command, started);
    }

    /** Every time that a command wrote here. */
    List<RunHistory.Attempt> attempts() throws IOException {
        return RunHistory.in(files, directory).attempts();
    }

    /** The plan that is there. */
    Optional<RunPlan> plan() throws IOException {
        return new PlanFile(files, directory).recover();
    }

    /** From here on what is there is a part of {@code plan}; chunks that are not are removed. */
    void begin(RunPlan plan) throws IOException {
        markUnfinished();
        new PlanFile(files, directory).write(plan);
        removeOthers(plan);
    }

    /** Removes chunks of which {@code plan} knows nothing: a reader would take them for results. */
    void removeOthers(RunPlan plan) throws IOException {
        Set<String> others = chunks();
        others.removeAll(plan.files().keySet());
        remove(others);
    }

    /** Fails when another driver put its own plan in the place of {@code plan} meanwhile; its chunks stay. */
    void requireCurrent(RunPlan plan) throws IOException {
        Set<String> mine = plan.files().keySet();
        RunPlan current = new PlanFile(files, directory).read().orElse(plan);
        if (current.files().keySet().equals(mine)) {
            return;
        }
        removeOthers(current);
        throw ClozeException.resources(
                "finish " + name(),
                "another run began in it meanwhile, with other chunks",
                "let that one end, and run the same command again or choose another --output",
                null);
    }

    /** Fails when there is anything that readers would take for results and that no run has put there. */
    void requireNothingElse() throws IOException {
        Optional<String> visible = Arrays.stream(files.listStatus(directory))
                .map(status -> status.getPath().getName())
                .filter(name -> !CHUNK.matcher(name).matches() && !name.startsWith("_") && !name.startsWith("."))
                .sorted()
                .findFirst();
        // Directories of a run are removed with all that is in them.
        Optional<String> other = visible.isPresent() ? visible : own().foreignWithin(REMOVED);
        if (other.isPresent()) {
            throw ClozeException.user(
                    "write " + name(),
                    "there is a file in it that is no part of the run: " + other.get(),
                    "move it away: it would be read as results, or removed with them");
        }
    }

    void remove(Collection<String> chunks) throws IOException {
        for (String file : chunks) {
            files.delete(new Path(directory, file), false);
        }
    }

    /** Whether all is there. */
    boolean isMarked() throws IOException {
        return files.exists(new Path(directory, SUCCESS));
    }

    /** Takes the mark away that all is there, and then the figures, which are those of other chunks from here on. */
    void markUnfinished() throws IOException {
        files.delete(new Path(directory, SUCCESS), false);
        for (String figures : ParquetOutput.FIGURES) {
            own().remove(figures);
        }
    }

    /** Names of the chunks that are there. */
    Set<String> chunks() throws IOException {
        Set<String> names = new HashSet<>();
        for (FileStatus status : files.listStatus(
                directory, path -> CHUNK.matcher(path.getName()).matches())) {
            names.add(status.getPath().getName());
        }
        return names;
    }

    /** Fails when files of {@code chunks} are not there. */
    void requireAll(Set<String> chunks) throws IOException {
        Set<String> missing = new HashSet<>(chunks);
        missing.removeAll(chunks());
        if (!missing.isEmpty()) {
            throw ClozeException.resources(
                    "find the results in " + directory,
                    missing.size() + " of " + chunks.size() + " chunks were written and are not there",
                    "use a directory that the driver and all executors share, such as one of hdfs: or s3a:",
                    null);
        }
    }

    /** Removes what tasks left that were broken off; only when no other driver may be at work. */
    void removeUnfinished() throws IOException {
        own().remove(ChunkWriter.UNFINISHED);
    }

    /** {@code rows} in files, copied there once, so that every run sees the same. */
    Dataset<Row> copyOf(Dataset<Row> rows) throws IOException {
        Path copy = new Path(directory, INPUT);
        SideRows kept = new SideRows(files, copy);
        if (!kept.isWhole()) {
            kept.write(rows);
        }
        List<String> parts = Arrays.stream(kept.parts()).map(Path::getName).toList();
        ResultReader reader = new ResultReader(rows.sparkSession(), copy, rows.schema());
        requireColumns(reader.columns(parts), List.of(rows.columns()));
        return reader.all(parts);
    }

    /** Columns that a copy lacks would be read as nulls. */
    private void requireColumns(List<String> found, List<String> expected) {
        if (!found.equals(expected)) {
            throw ClozeException.user(
                    "resume " + name(),
                    "the copy of the corpus in " + INPUT + " has the columns " + String.join(", ", found) + ", not "
                            + String.join(", ", expected) + ": another version of Cloze wrote it",
                    "begin anew with --overwrite, or choose another --output");
        }
    }

    /** Whether {@code path} is a file of {@link #copyOf}. */
    boolean isCopy(String path) {
        return path.startsWith(new Path(directory, INPUT) + Path.SEPARATOR);
    }

    void removeCopy() throws IOException {
        own().remove(INPUT);
    }

    static ClozeException unwritable(Path directory, IOException e) {
        return ClozeException.resources(
                "write " + directory.toUri().getPath(),
                Causes.firstLine(e),
                "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                e);
    }
}
