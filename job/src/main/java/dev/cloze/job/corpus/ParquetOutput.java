package dev.cloze.job.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A directory of Parquet files, written by Spark's own writer beside its place and moved there when it is whole: a run that
 * fails leaves what was there before.
 */
public final class ParquetOutput {
    private static final String SUMMARY = "_summary.json";
    private static final String STATES = "_states";

    private final SparkSession spark;
    private final Path place;
    private final Path unfinished;
    private final FileSystem files;

    private ParquetOutput(SparkSession spark, Path place, FileSystem files) {
        this.spark = spark;
        this.files = files;
        this.place = files.makeQualified(place);
        this.unfinished = new Path(this.place.getParent(), place.getName() + "." + UUID.randomUUID() + ".unfinished");
    }

    /**
     * Fails early, before anything is scored, when the directory may not be written.
     *
     * @param inputs what the run reads
     */
    public static ParquetOutput open(SparkSession spark, String directory, boolean overwrite, List<String> inputs) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
            ParquetOutput output = new ParquetOutput(spark, path, files);
            if (files.exists(path) && !overwrite) {
                throw ClozeException.user(
                        "write " + directory, "it exists already", "add --overwrite to replace it, or choose another");
            }
            for (String input : inputs) {
                output.requireApart(input);
            }
            output.requireWritable();
            return output;
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unwritable(directory, e);
        }
    }

    private void requireWritable() throws IOException {
        if (!files.mkdirs(unfinished)) {
            throw new IOException("no directory can be made in " + place.getParent());
        }
        files.delete(unfinished, true);
    }

    /** The corpus must not lie in the output, which is replaced, nor the output in the corpus. */
    private void requireApart(String input) {
        String source = files.makeQualified(new Path(input)).toString() + "/";
        String target = place + "/";
        if (source.startsWith(target) || target.startsWith(source)) {
            throw ClozeException.user("write " + place, "it overlaps the corpus " + input, "choose another --output");
        }
    }

    /** Writes all rows; they are not in their place before {@link #publish}. */
    public void write(Dataset<Row> rows) {
        try {
            rows.write().option("compression", "zstd").parquet(unfinished.toString());
        } catch (RuntimeException e) {
            discard();
            throw e;
        }
    }

    /** What was written, all of it. */
    public Dataset<Row> rows() {
        return spark.read().parquet(unfinished.toString());
    }

    /** What was written, file by file in the order of the rows. */
    public List<Dataset<Row>> pieces() {
        try {
            return Arrays.stream(
                            files.listStatus(unfinished, path -> path.getName().startsWith("part-")))
                    .map(FileStatus::getPath)
                    .sorted()
                    .map(path -> spark.read().parquet(path.toString()))
                    .toList();
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    /** Adds {@code _states}: the mergeable states of groups of rows. */
    public void writeStates(Dataset<Row> states) {
        states.coalesce(1).write().option("compression", "zstd").parquet(new Path(unfinished, STATES).toString());
    }

    /** The states that were written. */
    public List<Row> states() {
        return statesOf(spark, unfinished.toString());
    }

    /** The states that an earlier run kept in {@code output}. */
    public static List<Row> statesOf(SparkSession spark, String output) {
        Path directory = new Path(output, STATES);
        try {
            FileSystem files = directory.getFileSystem(spark.sessionState().newHadoopConf());
            FileStatus[] states = files.globStatus(new Path(directory, "part-*"));
            if (states == null || states.length == 0) {
                throw ClozeException.user(
                        "merge " + output,
                        "there are no states in it",
                        "name the --output of an earlier run of `cloze perplexity`");
            }
            String[] paths = Arrays.stream(states)
                    .map(state -> state.getPath().toString())
                    .toArray(String[]::new);
            return spark.read().parquet(paths).collectAsList();
        } catch (IOException e) {
            throw ClozeException.resources(
                    "read " + directory, String.valueOf(e.getMessage()), "check --merge and its permissions", e);
        }
    }

    /** Adds {@code _summary.json}: what all rows add up to. */
    public void write(Map<String, Object> summary) {
        try (OutputStream out = files.create(new Path(unfinished, SUMMARY))) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out, summary);
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    /** Adds the manifest and moves everything to its place. */
    public void publish(RunManifest manifest) {
        try {
            manifest.write(
                    unfinished.toString(), spark.version(), spark.sessionState().newHadoopConf());
            files.delete(place, true);
            if (!files.rename(unfinished, place)) {
                throw new IOException("it could not be renamed from " + unfinished);
            }
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    private void discard() {
        try {
            files.delete(unfinished, true);
        } catch (IOException e) {
            throw unwritable(unfinished.toString(), e);
        }
    }

    private static ClozeException unwritable(String directory, Exception e) {
        return ClozeException.resources(
                "write " + directory, String.valueOf(e.getMessage()), "check --output and its permissions", e);
    }
}
