package dev.cloze.job.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.TextBasedFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.AccumulatorContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Function1;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * A format of files for Spark's reader, as {@link RecordOptions} say it: Spark lists files, cuts them into pieces and names what cannot be
 * read; records and their characters are found here. Columns are strings, and one says why a record cannot be read.
 */
public final class RecordFormat extends TextBasedFileFormat {
    /** Option that names the counter of {@link Doubtful} rows. */
    private static final String COUNTER = "cloze.doubtful";

    /** Options of Spark's reader that name {@code doubtful} as the counter. */
    public static Map<String, String> counting(Doubtful doubtful) {
        return Map.of(COUNTER, Long.toString(doubtful.id()));
    }

    @Override
    public boolean isSplitable(SparkSession spark, scala.collection.immutable.Map<String, String> options, Path path) {
        return RecordOptions.of(options).isInLines() && super.isSplitable(spark, options, path);
    }

    /** The columns of the first file that has any, and of the others as long as one that is wanted was not found. */
    @Override
    public Option<StructType> inferSchema(
            SparkSession spark, scala.collection.immutable.Map<String, String> options, Seq<FileStatus> files) {
        RecordOptions records = RecordOptions.of(options);
        List<Path> paths = CollectionConverters.asJava(files).stream()
                .map(FileStatus::getPath)
                .sorted(Comparator.naturalOrder())
                .toList();
        List<String> names = records.names().isEmpty() ? names(records, paths, spark) : records.names();
        StructType schema = new StructType();
        for (String name : records.schema(names)) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return Option.apply(schema.add(RecordOptions.PROBLEM, DataTypes.StringType));
    }

    private static List<String> names(RecordOptions records, List<Path> paths, SparkSession spark) {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        IOException failure = null;
        List<String> found = new ArrayList<>();
        for (Path path : paths) {
            try (InputStream file = CodecStreams.createInputStreamWithCloseResource(hadoop, path)) {
                found.addAll(records.names(file));
                if (records.hasAll(found)) {
                    return found;
                }
            } catch (IOException e) {
                failure = failure == null ? new IOException(path + ": " + e.getMessage(), e) : failure;
            }
        }
        if (found.isEmpty() && failure != null) {
            throw new UnreadableFirstRow(failure);
        }
        return found;
    }

    @Override
    public OutputWriterFactory prepareWrite(
            SparkSession spark, Job job, scala.collection.immutable.Map<String, String> options, StructType schema) {
        throw new UnsupportedOperationException("records are only read");
    }

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
            SparkSession spark,
            StructType data,
            StructType partition,
            StructType required,
            Seq<Filter> filters,
            scala.collection.immutable.Map<String, String> options,
            Configuration hadoop) {
        Option<String> counter = options.get(COUNTER);
        Doubtful doubtful = counter.isEmpty()
                ? null
                : (Doubtful)
                        AccumulatorContext.get(Long.parseLong(counter.get())).getOrElse(() -> null);
        return new Reader(
                RecordOptions.of(options),
                required.fieldNames(),
                doubtful,
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .broadcast(new SerializableConfiguration(hadoop)));
    }

    private static final class Reader extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Map<String, String> options;
        private final String[] required;
        private final Doubtful doubtful;
        private final Broadcast<SerializableConfiguration> hadoop;
        /** Of the task that reads: from a {@link Configuration} Hadoop makes one for every file, which takes longer than a small file. */
        private transient JobConf configuration;

        Reader(
                RecordOptions options,
                String[] required,
                Doubtful doubtful,
                Broadcast<SerializableConfiguration> hadoop) {
            this.options = options.asOptions();
            this.required = required;
            this.doubtful = doubtful;
            this.hadoop = hadoop;
        }

        @Override
        public Iterator<InternalRow> apply(PartitionedFile piece) {
            try {
                RecordOptions records =
                        RecordOptions.of(scala.collection.immutable.Map.from(CollectionConverters.asScala(options)));
                List<String> fields = new ArrayList<>(Arrays.asList(required));
                fields.remove(RecordOptions.PROBLEM);
                RecordSource source = source(records, piece, fields.toArray(String[]::new));
                RecordRows rows = new RecordRows(source, required, fields, count -> count(piece, count));
                if (TaskContext.get() != null) {
                    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> rows.close());
                }
                return CollectionConverters.asScala(rows);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void count(PartitionedFile piece, long count) {
            if (doubtful != null) {
                doubtful.add(piece.toPath().toString(), piece.start(), count);
            }
        }

        private RecordSource source(RecordOptions records, PartitionedFile piece, String[] fields) throws IOException {
            if (configuration == null) {
                configuration = new JobConf(hadoop.value().value());
            }
            if (!records.isInLines()) {
                return records.of(
                        CodecStreams.createInputStreamWithCloseResource(configuration, piece.toPath()), fields);
            }
            RecordSource lines = new FileLines(piece, records.charset(), configuration);
            return records.kind() == RecordOptions.Kind.OBJECTS ? records.objects(lines) : lines;
        }
    }
}
