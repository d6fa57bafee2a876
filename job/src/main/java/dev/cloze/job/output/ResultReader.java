package dev.cloze.job.output;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Reads results.
 *
 * @param directory in which they lie; its name may have any characters
 */
public record ResultReader(SparkSession spark, Path directory, StructType schema) {

    /** File by file, in the order of {@code names}, each when it is asked for. */
    public Stream<Dataset<Row>> pieces(Collection<String> names) {
        return names.stream().map(name -> reader().parquet(place(name)));
    }

    public Dataset<Row> all(Collection<String> names) {
        return names.isEmpty() ? of(List.of()) : reader().parquet(places(names));
    }

    /** Results that are at hand. */
    public Dataset<Row> of(List<Row> rows) {
        return spark.createDataFrame(rows, schema);
    }

    /** The columns that were written. */
    List<String> columns(Collection<String> names) {
        return List.of(spark.read().parquet(places(names)).columns());
    }

    private String[] places(Collection<String> names) {
        return names.stream().map(this::place).toArray(String[]::new);
    }

    private DataFrameReader reader() {
        // Local files have no other checksums.
        return spark.read().schema(schema).option("parquet.page.verify-checksum.enabled", true);
    }

    /** Names are escaped: Spark would take them for patterns and read a file once for each that matches it. */
    private String place(String name) {
        return new Path(directory, name).toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
    }
}
