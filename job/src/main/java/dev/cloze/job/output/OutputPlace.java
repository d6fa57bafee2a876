package dev.cloze.job.output;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.FileSystems;
import dev.cloze.job.files.Overlap;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.files.RealPath;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Where a run's directory is to be. Results that are there already and are to be replaced stay until the new ones are complete: those
 * grow beside their place, and are moved there at the end.
 */
public final class OutputPlace {
    private final FileSystem files;
    private final Path place;
    private final Path working;

    private OutputPlace(FileSystem files, Path place, Path working) {
        this.files = files;
        this.place = place;
        this.working = working;
    }

    private static Path beside(Path place) {
        // Of a name alone, Hadoop would take what stands before a colon for the name of a file system.
        return new Path(place + ".overwriting");
    }

    /**
     * @param mode {@link SaveMode#Overwrite} when results that are there already are replaced
     * @param inputs what the run reads
     */
    public static OutputPlace open(SparkSession spark, String directory, SaveMode mode, List<String> inputs) {
        try {
            Path path = new Path(directory);
            if (path.isRoot()) {
                throw ClozeException.user(
                        "write " + directory, "it is the root of a file system", "choose a directory in it");
            }
            FileSystem files = path.getFileSystem(hadoop(spark));
            Path place = RealPath.of(files, path);
            for (String input : inputs) {
                requireApart(spark, place, input);
            }
            if (mode != SaveMode.Overwrite) {
                return new OutputPlace(files, place, place);
            }
            Path working = beside(place);
            RealPath.requireNotInUse(place);
            OwnDirectory.of(files, place).requireReplaceable();
            OwnDirectory.of(files, working).requireReplaceable();
            return new OutputPlace(files, place, working);
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unwritable(directory, e);
        }
    }

    /** The fully qualified path of {@code directory}. */
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
    public RunDirectory directory() {
        return new RunDirectory(files, working);
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

    /** Adds the manifest, moves everything to its place, and says that all is there: a directory may be moved file by file. */
    public void publish(RunManifest manifest) {
        try {
            manifest.write(files, working);
            if (!working.equals(place)) {
                OwnDirectory.of(files, place).remove();
                // To a directory that is there, a file system may move into it.
                if (files.exists(place) || !files.rename(working, place)) {
                    throw new IOException("it could not be renamed from " + working);
                }
            }
            new RunDirectory(files, place).markComplete();
        } catch (IOException e) {
            throw unwritable(place.toString(), e);
        }
    }

    private static Configuration hadoop(SparkSession spark) {
        return PlainLocalFileSystem.in(spark.sessionState().newHadoopConf());
    }

    static ClozeException unwritable(String directory, Exception e) {
        return FileSystems.missing("write", directory, e)
                .orElseGet(() -> ClozeException.resources(
                        "write " + directory, Causes.firstLine(e), "check --output and its permissions", e));
    }
}
