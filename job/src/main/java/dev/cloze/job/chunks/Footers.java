package dev.cloze.job.chunks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What Parquet files say of themselves.
 *
 * @param directory in which they lie
 */
record Footers(SparkSession spark, Path directory) {
    /** Footers that a task reads: each is an opening of a file. */
    private static final int TOGETHER = 200;

    /** How many of the files {@code names} have each value of {@code key}; all cores read. */
    Map<String, Long> count(String key, Collection<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Broadcast<SerializableConfiguration> hadoop = SerializableConfiguration.broadcast(
                spark.sparkContext(), spark.sessionState().newHadoopConf());
        String place = directory.toString();
        return new TreeMap<>(JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(new ArrayList<>(names), names.size() / TOGETHER + 1)
                .map(name -> value(key, new Path(place, name), hadoop.value().value()))
                .countByValue());
    }

    private static String value(String key, Path file, Configuration hadoop) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
            return reader.getFileMetaData().getKeyValueMetaData().getOrDefault(key, "unknown");
        }
    }
}
