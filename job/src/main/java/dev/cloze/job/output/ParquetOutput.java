package dev.cloze.job.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.FileSystems;
import dev.cloze.job.files.Overlap;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.files.RealPath;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The directory of a run's results. Results that are there already and are to be replaced stay until the new ones are whole: those
 * grow beside their place, and are moved there at the end.
 */
public final class ParquetOutput {
    private static final String SUMMARY = "_summary.json";
    static final String STATES = "_states";
    static final String FAILED = "_failed";
    private static final String SUCCESS = "_SUCCESS";

    /** What tells of all chunks together, and is wrong as soon as there are others. */
    public static final List<String> FIGURES = List.of(RunManifest.FILE, SUMMARY, STATES, FAILED);

    private final SparkSession spark;
    private final Path place;
    private final Path working;
    private final FileSystem files;

    private ParquetOutput(SparkSession spark, Path place, boolean overwrite, FileSystem files) {
        this.spark = spark;
        this.files = files;
        this.place = place;
        this.working = overwrite ? beside(place) : place;
    }

    private static Path beside(Path place) {
        // Of a name alone, Hadoop would take what stands before a colon for the name of a file system.
        return new Path(place + ".overwriting");
    }

    /**
     * @param overwrite whether results that are there already are replaced
     * @param inputs what the run reads
     */
    public static ParquetOutput open(SparkSession spark, String directory, boolean overwrite, List<String> inputs) {
        try {
            Path path = new Path(directory);
            if (path.isRoot()) {
                throw ClozeException.user(
                        "write " + directory, "it is the root of a file system", "choose a directory in it");
            }
            FileSystem files = path.getFileSystem(hadoop(spark));
            ParquetOutput output = new ParquetOutput(spark, RealPath.of(files, path), overwrite, files);
            for (String input : inputs) {
                requireApart(spark, output.place, input);
            }
            if (overwrite) {
                RealPath.requireNotInUse(output.place);
                OwnDirectory.of(files, output.place).requireReplaceable();
                OwnDirectory.of(files, output.working).requireReplaceable();
            }
            return output;
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unwritable(directory, e);
        }
    }

    /** The whole path that {@code directory} stands for. */
    public static String qualified(SparkSession spark, String directory) {
        Path path = new Path(directory);
        try {
            return path.getFileSystem(spark.sessionState().newHadoopConf())
                    .makeQualified(path)
                    .toString();
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Where results are written. */
    public Path working() {
        return working;
    }

    /** Forgets what was written, of a run that is not this one. */
    public void beginAnew() {
        try {
            OwnDirectory.of(files, working).remove();
        } catch (IOException e) {
            throw unwritable(working.toString(), e);
        }
    }

    /** The corpus must not lie in the output, which is replaced, nor the output in the corpus. */
    static void requireApart(SparkSession spark, Path place, String input) {
        if (new Overlap(spark.sessionState().newHadoopConf(), place).with(input)) {
            throw ClozeException.user("write " + place, "it overlaps the corpus " + input, "choose another --output");
        }
    }

    /** Adds {@code _states}: the mergeable states of groups of rows. */
    public void writeStates(Dataset<Row> states) {
        writeBeside(STATES, states.coalesce(1));
    }

    /** The states that an earlier run kept in {@code output}. */
    public static List<Row> statesOf(SparkSession spark, String output) {
        Path directory = new Path(output, STATES);
        try {
            FileSystem files = directory.getFileSystem(spark.sessionState().newHadoopConf());
            Path[] states = new SideRows(files, directory).parts();
            if (states.length > 0 && !files.exists(new Path(output, SUCCESS))) {
                throw ClozeException.user(
                        "merge " + output,
                        "that run is not complete, or was not when its states were written",
                        "finish it first: the same command resumes it");
            }
            if (states.length == 0) {
                throw ClozeException.user(
                        "merge " + output,
                        "there are no states in it",
                        "name the --output of an earlier run of `cloze perplexity`");
            }
            return new StatesReading(spark, output)
                    .rows(Arrays.stream(states).map(Path::toString).toArray(String[]::new));
        } catch (IOException e) {
            throw ClozeException.resources(
                    "read " + directory, Causes.firstLine(e), "check --merge and its permissions", e);
        }
    }

    /** Makes {@code _failed} hold {@code rows}, or not be there when there are none. */
    public void writeFailed(Optional<Dataset<Row>> rows) {
        Path place = new Path(working, FAILED);
        try {
            OwnDirectory.of(files, working).remove(FAILED);
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
        rows.ifPresent(failed -> writeBeside(FAILED, failed.coalesce(1)));
    }

    private void writeBeside(String name, Dataset<Row> rows) {
        Path place = new Path(working, name);
        try {
            new SideRows(files, place).write(rows);
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    /** Adds {@code _summary.json}: what all rows add up to. */
    public void writeSummary(Map<String, Object> summary) {
        try (OutputStream out = files.create(new Path(working, SUMMARY))) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out, summary);
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    /** Adds the manifest, moves everything to its place, and says that all is there: a directory may be moved file by file. */
    public void publish(RunManifest manifest) {
        try {
            manifest.write(working.toString(), spark.version(), hadoop(spark));
            if (!working.equals(place)) {
                OwnDirectory.of(files, place).remove();
                // To a directory that is there, a file system may move into it.
                if (files.exists(place) || !files.rename(working, place)) {
                    throw new IOException("it could not be renamed from " + working);
                }
            }
            files.create(new Path(place, SUCCESS), true).close();
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    private static Configuration hadoop(SparkSession spark) {
        return PlainLocalFileSystem.in(spark.sessionState().newHadoopConf());
    }

    private static ClozeException unwritable(String directory, Exception e) {
        return FileSystems.missing("write", directory, e)
                .orElseGet(() -> ClozeException.resources(
                        "write " + directory, Causes.firstLine(e), "check --output and its permissions", e));
    }
}
