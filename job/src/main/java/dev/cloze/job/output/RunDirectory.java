package dev.cloze.job.output;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.PlainLocalFileSystem;
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
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The directory of a run, through its life: history, plan, chunks, figures, and the mark that all is there. The names in it are those
 * of {@link ResultNames}.
 *
 * @param files reaches it; local files without checksums
 * @param path fully qualified
 */
public record RunDirectory(FileSystem files, Path path) {
    /** What tells of all chunks together, and is wrong as soon as there are others. */
    private static final List<String> FIGURES =
            List.of(ResultNames.MANIFEST, ResultNames.SUMMARY, ResultNames.STATES, ResultNames.FAILED);
    /** Directories that a run removes. */
    private static final String[] REMOVED = Stream.concat(
                    Stream.of(ResultNames.COPY, ResultNames.UNFINISHED), FIGURES.stream())
            .toArray(String[]::new);

    /** The directory {@code path} of a run. */
    public static RunDirectory in(Path path, SparkSession spark) throws IOException {
        FileSystem files =
                path.getFileSystem(PlainLocalFileSystem.in(spark.sessionState().newHadoopConf()));
        return new RunDirectory(files, files.makeQualified(path));
    }

    /** The directory as a user names it. */
    public String name() {
        return path.toUri().getPath();
    }

    private void makeDirectory() throws IOException {
        if (!files.mkdirs(path)) {
            throw new IOException("the directory cannot be made");
        }
    }

    /** Whether anything is there that no run leaves before its plan, or what looks like it is another's. */
    public boolean isTaken() throws IOException {
        if (!files.exists(path)) {
            return false;
        }
        boolean left = Arrays.stream(files.listStatus(path))
                .map(status -> status.getPath().getName())
                .allMatch(name -> name.equals(ResultNames.COPY)
                        || name.equals(ResultNames.UNFINISHED)
                        || name.equals(ResultNames.HISTORY)
                        || name.startsWith(ResultNames.PLAN));
        return !left || !own().isReplaceable();
    }

    private OwnDirectory own() {
        return OwnDirectory.of(files, path);
    }

    /** Notes that a run of {@code command} begins to write. */
    public RunHistory.Current begin(String command, Instant started) throws IOException {
        makeDirectory();
        return RunHistory.in(files, path).begin(command, started);
    }

    /** Every time that a command wrote here. */
    public List<RunHistory.Attempt> attempts() throws IOException {
        return RunHistory.in(files, path).attempts();
    }

    /** The plan that is there. */
    public Optional<RunPlan> plan() throws IOException {
        return new PlanFile(files, path).recover();
    }

    /** From here on what is there is a part of {@code plan}; chunks that are not are removed. */
    public void begin(RunPlan plan) throws IOException {
        markUnfinished();
        new PlanFile(files, path).write(plan);
        removeOthers(plan);
    }

    /** Removes chunks of which {@code plan} knows nothing: a reader would take them for results. */
    public void removeOthers(RunPlan plan) throws IOException {
        Set<String> others = chunks();
        others.removeAll(plan.files().keySet());
        remove(others);
    }

    /** Fails when another driver put its own plan in the place of {@code plan} meanwhile; its chunks stay. */
    public void requireCurrent(RunPlan plan) throws IOException {
        Set<String> mine = plan.files().keySet();
        RunPlan current = new PlanFile(files, path).read().orElse(plan);
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
    public void requireNothingElse() throws IOException {
        Optional<String> visible = Arrays.stream(files.listStatus(path))
                .map(status -> status.getPath().getName())
                .filter(name ->
                        !ResultNames.CHUNK.matcher(name).matches() && !name.startsWith("_") && !name.startsWith("."))
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

    public void remove(Collection<String> chunks) throws IOException {
        for (String file : chunks) {
            files.delete(new Path(path, file), false);
        }
    }

    /** Whether the mark is there that all is. */
    public boolean isComplete() throws IOException {
        return files.exists(new Path(path, ResultNames.SUCCESS));
    }

    /** Whether a run began to write here and has not come to its end. */
    public boolean isUnfinished() throws IOException {
        return !isComplete()
                && (files.exists(new Path(path, ResultNames.PLAN))
                        || files.exists(new Path(path, ResultNames.HISTORY)));
    }

    /** Puts the mark there that all is. */
    void markComplete() throws IOException {
        files.create(new Path(path, ResultNames.SUCCESS), true).close();
    }

    /** Takes the mark away that all is there, and then the figures, which are those of other chunks from here on. */
    public void markUnfinished() throws IOException {
        files.delete(new Path(path, ResultNames.SUCCESS), false);
        for (String figures : FIGURES) {
            own().remove(figures);
        }
    }

    /** Names of the chunks that are there. */
    public Set<String> chunks() throws IOException {
        Set<String> names = new HashSet<>();
        for (FileStatus status : files.listStatus(
                path, file -> ResultNames.CHUNK.matcher(file.getName()).matches())) {
            names.add(status.getPath().getName());
        }
        return names;
    }

    /** Fails when files of {@code chunks} are not there. */
    public void requireAll(Set<String> chunks) throws IOException {
        Set<String> missing = new HashSet<>(chunks);
        missing.removeAll(chunks());
        if (!missing.isEmpty()) {
            throw ClozeException.resources(
                    "find the results in " + path,
                    missing.size() + " of " + chunks.size() + " chunks were written and are not there",
                    "use a directory that the driver and all executors share, such as one of hdfs: or s3a:",
                    null);
        }
    }

    /** Removes what tasks left that were broken off; only when no other driver may be at work. */
    public void removeUnfinished() throws IOException {
        own().remove(ResultNames.UNFINISHED);
    }

    /** {@code rows} in files, copied there once, so that every run sees the same. */
    public Dataset<Row> copyOf(Dataset<Row> rows) throws IOException {
        Path copy = new Path(path, ResultNames.COPY);
        SideRows kept = new SideRows(files, copy);
        if (!kept.isComplete()) {
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
                    "the copy of the corpus in " + ResultNames.COPY + " has the columns " + String.join(", ", found)
                            + ", not " + String.join(", ", expected) + ": another version of Cloze wrote it",
                    "begin anew with --overwrite, or choose another --output");
        }
    }

    /** Whether {@code file} is one of {@link #copyOf}. */
    public boolean isCopy(String file) {
        return file.startsWith(new Path(path, ResultNames.COPY) + Path.SEPARATOR);
    }

    public void removeCopy() throws IOException {
        own().remove(ResultNames.COPY);
    }

    /** What to do when it cannot be written. */
    public ClozeException unwritable(IOException e) {
        return unwritable(path, e);
    }

    /** What to do when a run's {@code directory} cannot be written. */
    public static ClozeException unwritable(Path directory, IOException e) {
        return ClozeException.resources(
                "write " + directory.toUri().getPath(),
                Causes.firstLine(e),
                "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                e);
    }
}
