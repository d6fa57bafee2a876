package dev.cloze.job.corpus;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A directory of Parquet files, written by Spark's own writer.
 *
 * @param spark the session
 * @param directory on any file system
 */
public record ParquetOutput(SparkSession spark, String directory) {

    /** Fails early, before anything is scored, when {@code directory} may not be written. */
    public void requireAbsent() {
        Path path = new Path(directory);
        try {
            FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
            if (files.exists(path)) {
                throw ClozeException.user(
                        "write " + directory, "it exists already", "add --overwrite to replace it, or choose another");
            }
        } catch (IOException e) {
            throw ClozeException.resources(
                    "write " + directory, String.valueOf(e.getMessage()), "check --output and its permissions", e);
        }
    }

    /** Writes all rows; the directory appears complete or with no {@code _SUCCESS} in it. */
    public Dataset<Row> write(Dataset<Row> rows) {
        rows.write().mode(SaveMode.Overwrite).option("compression", "zstd").parquet(directory);
        return spark.read().parquet(directory);
    }

    public void write(RunManifest manifest) {
        try {
            manifest.write(directory, spark.version(), spark.sessionState().newHadoopConf());
        } catch (IOException e) {
            throw ClozeException.resources(
                    "write the manifest of " + directory, String.valueOf(e.getMessage()), "check its permissions", e);
        }
    }
}
