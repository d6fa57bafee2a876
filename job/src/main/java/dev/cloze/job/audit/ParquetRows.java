package dev.cloze.job.audit;

import dev.cloze.job.files.PlainLocalFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Map$;

/** Writes few rows as one file of Parquet from the driver, as a task of Spark would: a job for each file takes longer than its rows. */
final class ParquetRows {
    private final Configuration hadoop;
    private final ExpressionEncoder.Serializer<Row> serializer;

    ParquetRows(SparkSession spark, StructType schema) {
        this.serializer = ExpressionEncoder.apply(schema).createSerializer();
        try {
            Job job =
                    Job.getInstance(PlainLocalFileSystem.in(spark.sessionState().newHadoopConf()));
            new ParquetFileFormat().prepareWrite(spark, job, Map$.MODULE$.empty(), schema);
            this.hadoop = job.getConfiguration();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path file, List<Row> rows) throws IOException {
        try (ParquetWriter<InternalRow> writer = new Builder(file)
                .withConf(hadoop)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build()) {
            for (Row row : rows) {
                writer.write(serializer.apply(row));
            }
        }
    }

    private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
        Builder(Path path) {
            super(path);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** Deprecated, and abstract all the same. */
        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<InternalRow> getWriteSupport(Configuration configuration) {
            return new ParquetWriteSupport();
        }
    }
}
