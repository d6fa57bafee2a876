package dev.cloze.job.chunks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
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
import scala.Tuple2;

/**
 * What Parquet files say of themselves.
 *
 * @param directory in which they lie
 */
record Footers(SparkSession spark, Path directory) {
    /** Footers that a task reads: each is an opening of a file. */
    private static final int TOGETHER = 200;
    /** Value of a key that a file does not have. */
    static final String UNKNOWN = "unknown";

    /**
     * The value of {@code key} in each of the files {@code names}; files without a footer are left out: a machine that loses its
     * power leaves them cut off.
     */
    Map<String, String> values(String key, Collection<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Broadcast<SerializableConfiguration> hadoop = hadoop();
        String place = directory.toString();
        return inPieces(names)
                .flatMapToPair(
                        name -> value(key, new Path(place, name), hadoop.value().value())
                                .map(value -> new Tuple2<>(name, value))
                                .stream()
                                .iterator())
                .collectAsMap();
    }

    private Broadcast<SerializableConfiguration> hadoop() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    }

    private JavaRDD<String> inPieces(Collection<String> names) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(new ArrayList<>(names), names.size() / TOGETHER + 1);
    }

    private static Optional<String> value(String key, Path file, Configuration hadoop) {
        // Without options, Parquet reads Hadoop's configuration files anew for every file.
        ParquetReadOptions options = HadoopReadOptions.builder(hadoop).build();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop), options)) {
            return Optional.of(reader.getFileMetaData().getKeyValueMetaData().getOrDefault(key, UNKNOWN));
        } catch (IOException | RuntimeException e) {
            // Parquet says with both that a file is none.
            return Optional.empty();
        }
    }
}
