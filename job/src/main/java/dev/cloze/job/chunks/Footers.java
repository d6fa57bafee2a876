package dev.cloze.job.chunks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaRDD;
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
        Broadcast<SerializableConfiguration> hadoop = hadoop();
        String place = directory.toString();
        return new TreeMap<>(inPieces(names)
                .map(name -> value(key, new Path(place, name), hadoop.value().value()))
                .countByValue());
    }

    /** Those of the files {@code names} that have none: cut off, as a machine leaves them that lost its power. */
    List<String> missing(Collection<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        Broadcast<SerializableConfiguration> hadoop = hadoop();
        String place = directory.toString();
        return inPieces(names)
                .filter(name -> !isThere(new Path(place, name), hadoop.value().value()))
                .collect();
    }

    private Broadcast<SerializableConfiguration> hadoop() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    }

    private JavaRDD<String> inPieces(Collection<String> names) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(new ArrayList<>(names), names.size() / TOGETHER + 1);
    }

    private static boolean isThere(Path file, Configuration hadoop) {
        try {
            value(ChunkWriter.PROVIDER, file, hadoop);
            return true;
        } catch (IOException | RuntimeException e) {
            // Parquet says with both that a file is none.
            return false;
        }
    }

    private static String value(String key, Path file, Configuration hadoop) throws IOException {
        // Without options, Parquet reads Hadoop's configuration files anew for every file.
        ParquetReadOptions options = HadoopReadOptions.builder(hadoop).build();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop), options)) {
            return reader.getFileMetaData().getKeyValueMetaData().getOrDefault(key, "unknown");
        }
    }
}
