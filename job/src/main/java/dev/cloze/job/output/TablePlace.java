package dev.cloze.job.output;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.RealPath;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The directory that Spark writes a table to. Spark's own overwriting removes whatever is there; so what is there is removed before,
 * and only when it is ours.
 *
 * @param format Spark's name of the table's format
 * @param name the directory as a user gave it
 * @param path where it really is
 */
record TablePlace(FileSystem files, String format, String name, Path path, SaveMode mode) {

    static TablePlace of(SparkSession spark, String format, String name, SaveMode mode) throws IOException {
        Path path = new Path(name);
        FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
        return new TablePlace(files, format, name, RealPath.of(files, path), mode);
    }

    static ClozeException taken(String name) {
        return ClozeException.user(
                "write " + name, "it exists already", "add --overwrite to replace it, or choose another");
    }

    /** Fails when something is there that must not be replaced. */
    void requireFree() throws IOException {
        if (mode != SaveMode.Overwrite) {
            if (files.exists(path)) {
                throw taken(name);
            }
            return;
        }
        if (!keepsVersions()) {
            RealPath.requireNotInUse(path);
            OwnDirectory.of(files, path).requireReplaceable();
        }
    }

    /** Whether a table is there of which overwriting removes nothing. */
    private boolean keepsVersions() throws IOException {
        return switch (format.toLowerCase(Locale.ROOT)) {
            case TableOutput.DELTA -> files.exists(new Path(path, "_delta_log"));
            case TableOutput.ICEBERG -> {
                Path metadata = new Path(path, "metadata");
                yield files.exists(metadata)
                        && files.listStatus(metadata, file -> file.getName().endsWith(".metadata.json")).length > 0;
            }
            default -> false;
        };
    }

    /** How Spark is to write. */
    interface Free {
        SaveMode mode();

        /** Notes that all is written. */
        void done() throws IOException;
    }

    /** Makes room for a table. */
    Free free() throws IOException {
        requireFree();
        if (!keepsVersions()) {
            OwnDirectory.of(files, path).remove();
        }
        return new Unmarked(mode);
    }

    /** Makes room for files that Spark writes: then the directory says from the beginning whose it is. */
    Free freeForFiles() throws IOException {
        Free free = free();
        if (keepsVersions()) {
            return free;
        }
        if (!files.mkdirs(path)) {
            throw new IOException("the directory cannot be made");
        }
        return new Marked(RunHistory.in(files, path).begin(format, Instant.now()));
    }

    private record Unmarked(SaveMode mode) implements Free {
        @Override
        public void done() {
            // The format has a history of its own.
        }
    }

    private record Marked(RunHistory.Current attempt) implements Free {
        /** There is nothing yet but the mark. */
        @Override
        public SaveMode mode() {
            return SaveMode.Append;
        }

        @Override
        public void done() throws IOException {
            attempt.finish(Instant.now(), 0);
        }
    }
}
