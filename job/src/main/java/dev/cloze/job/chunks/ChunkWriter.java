package dev.cloze.job.chunks;

import dev.cloze.bundle.Directories;
import dev.cloze.job.files.ObjectStores;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.output.ResultNames;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.util.AutoCloseables;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.immutable.Map$;

/**
 * Writes chunks on executors as Spark's own writer would: to a name of this attempt's own, and then durable by one rename, or on
 * an object store by one upload. A second writer of the same chunk does no harm.
 */
final class ChunkWriter implements Serializable {
    /** Key in the footer of what computed. */
    static final String PROVIDER = "cloze.provider";
    /** What computed a file without rows. */
    static final String NO_PROVIDER = "none";

    /** Bytes of rows that are returned, about: a row may be as long as a book, and a task keeps few of those. */
    private static final long MOST_KEPT_BYTES = 1 << 20;

    private static final long serialVersionUID = 1L;

    /**
     * A chunk that is durable.
     *
     * @param statuses number of its rows of each status
     * @param first its first rows: as many as were to be kept, or fewer when they are large
     */
    record Written(Map<String, Long> statuses, List<Row> first) {}

    private final Broadcast<SerializableConfiguration> hadoop;
    private final String directory;
    private final StructType schema;
    private final Map<String, String> footer;
    /** Of the task that writes, which has a writer of its own. */
    private transient ExpressionEncoder.Serializer<Row> serializer;

    private ChunkWriter(
            Broadcast<SerializableConfiguration> hadoop,
            String directory,
            StructType schema,
            Map<String, String> footer) {
        this.hadoop = hadoop;
        this.directory = directory;
        this.schema = schema;
        this.footer = footer;
    }

    /**
     * @param directory fully qualified
     * @param footer what every file says of itself
     */
    static ChunkWriter of(SparkSession spark, Path directory, StructType schema, Map<String, String> footer) {
        try {
            Configuration configuration =
                    PlainLocalFileSystem.in(spark.sessionState().newHadoopConf());
            configuration.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
            Job job = Job.getInstance(configuration);
            new ParquetFileFormat().prepareWrite(spark, job, Map$.MODULE$.empty(), schema);
            return new ChunkWriter(
                    JavaSparkContext.fromSparkContext(spark.sparkContext())
                            .broadcast(new SerializableConfiguration(job.getConfiguration())),
                    directory.toString(),
                    schema,
                    new HashMap<>(footer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How file systems are reached. */
    Configuration configuration() {
        return hadoop.value().value();
    }

    /** Where {@code file} is to be. */
    Path place(String file) {
        return new Path(directory, file);
    }

    /**
     * Writes {@code rows} and makes them durable under {@code file}.
     *
     * @param attempt names who writes, so that nobody else writes to the same place
     * @param more what this file says of itself beside what every file does
     * @param kept rows that are returned as well, at most
     */
    Written write(String file, String attempt, Iterator<Row> rows, Map<String, String> more, int kept)
            throws IOException {
        Configuration configuration = configuration();
        Path durable = place(file);
        FileSystem files = durable.getFileSystem(configuration);
        if (ObjectStores.holds(files)) {
            return upload(files, durable, rows, more, kept, configuration);
        }
        Path unfinished = new Path(new Path(directory, ResultNames.UNFINISHED), file + "." + attempt);
        try {
            Written written = encode(unfinished, rows, more, kept, configuration);
            if (!files.rename(unfinished, durable) && !files.exists(durable)) {
                throw new IOException("could not rename " + unfinished + " to " + durable);
            }
            return written;
        } finally {
            files.delete(unfinished, false);
        }
    }

    private Written upload(
            FileSystem files,
            Path durable,
            Iterator<Row> rows,
            Map<String, String> more,
            int kept,
            Configuration configuration)
            throws IOException {
        // A checksum lies beside the file.
        java.nio.file.Path scratch = Files.createTempDirectory("cloze-chunk");
        try {
            Path local = new Path(scratch.resolve("chunk.parquet").toUri());
            Written written = encode(local, rows, more, kept, configuration);
            files.copyFromLocalFile(false, true, local, durable);
            return written;
        } finally {
            Directories.delete(scratch);
        }
    }

    private Written encode(
            Path path, Iterator<Row> rows, Map<String, String> more, int kept, Configuration configuration)
            throws IOException {
        Map<String, String> metadata = new HashMap<>(footer);
        metadata.putAll(more);
        Map<String, Long> statuses = new TreeMap<>();
        List<Row> first = new ArrayList<>();
        long bytes = 0;
        int status = schema.fieldIndex(Statuses.COLUMN);
        try (ParquetWriter<InternalRow> writer = new Builder(path)
                .withConf(configuration)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ParquetOutputFormat.getLongBlockSize(configuration))
                .withExtraMetaData(metadata)
                .build()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                UnsafeRow encoded = (UnsafeRow) serializer().apply(row);
                writer.write(encoded);
                statuses.merge(row.getString(status), 1L, Long::sum);
                bytes += encoded.getSizeInBytes();
                if (first.size() < kept && bytes <= MOST_KEPT_BYTES) {
                    first.add(row);
                }
            }
        } catch (AutoCloseables.ParquetCloseResourceException e) {
            throw new IOException(e);
        }
        return new Written(statuses, first);
    }

    private ExpressionEncoder.Serializer<Row> serializer() {
        if (serializer == null) {
            serializer = ExpressionEncoder.apply(schema).createSerializer();
        }
        return serializer;
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
