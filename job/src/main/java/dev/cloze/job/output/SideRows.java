package dev.cloze.job.output;

import dev.cloze.job.files.PlainLocalFileSystem;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that a run keeps beside its results, as Parquet under names that do not end in {@code .parquet}: who reads all such files of
 * the results reads results.
 *
 * @param files of {@code directory}
 */
public record SideRows(FileSystem files, Path directory) {
    private static final String PART = "part-";
    private static final String PARQUET = ".parquet";
    private static final String OURS = ".pq";

    /** Puts {@code rows} in the place of those that are there; they are complete when the mark of success is there. */
    public void write(Dataset<Row> rows) throws IOException {
        rows.write()
                .mode("overwrite")
                .option("compression", "zstd")
                .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .options(PlainLocalFileSystem.options())
                .parquet(directory.toString());
        for (Path part : parts()) {
            Path place = new Path(directory, part.getName().replace(PARQUET, OURS));
            if (!files.rename(part, place)) {
                throw new IOException("could not rename " + part + " to " + place);
            }
        }
        files.create(new Path(directory, ResultNames.SUCCESS), true).close();
    }

    /** Whether all rows are there. */
    public boolean isComplete() throws IOException {
        return files.exists(new Path(directory, ResultNames.SUCCESS));
    }

    /** The files that hold them; none when there is nothing. */
    public Path[] parts() throws IOException {
        if (!files.exists(directory)) {
            return new Path[0];
        }
        FileStatus[] parts = files.listStatus(directory, path -> path.getName().startsWith(PART));
        return Arrays.stream(parts).map(FileStatus::getPath).toArray(Path[]::new);
    }
}
