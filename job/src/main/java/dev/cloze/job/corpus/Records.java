package dev.cloze.job.corpus;

import static org.apache.spark.sql.functions.col;

import dev.cloze.job.records.RecordFormat;
import dev.cloze.job.records.RecordOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Records of a corpus as rows of strings: the fields of each, and why it cannot be read. */
interface Records {
    /** Files of more bytes than this should be worth more than one task. */
    long LARGE = 1L << 28;

    Dataset<Row> load(RecordOptions options, Map<String, String> more);

    /** Those of {@code files}. */
    static Records of(CorpusFiles files, CorpusSession session) {
        return (options, more) -> files.load(() -> session.spark()
                .read()
                .format(RecordFormat.class.getName())
                .options(options.asOptions())
                .options(RecordFormat.counting(session.doubtful()))
                .options(session.corpus().readOptions())
                .options(more));
    }

    /** Those of {@code streams}. */
    static Records of(Streams streams, CorpusSession session) {
        return (options, more) -> {
            try {
                List<String> names = List.of();
                for (Path file : streams.files()) {
                    if (names.isEmpty()) {
                        try (InputStream in = Files.newInputStream(file)) {
                            names = options.schema(options.names(in));
                        }
                    }
                }
                List<Row> rows = new ArrayList<>();
                for (Path file : streams.files()) {
                    try (InputStream in = Files.newInputStream(file)) {
                        options.read(in, names.toArray(String[]::new), count -> session.doubtful()
                                        .add("what was piped in", count))
                                .forEach(row -> rows.add(RowFactory.create((Object[]) row)));
                    }
                }
                return rows(session.spark(), rows, names);
            } catch (IOException e) {
                throw CorpusReader.unreadable(
                        String.join(", ", session.corpus().inputs()), new UncheckedIOException(e.getMessage(), e));
            }
        };
    }

    private static Dataset<Row> rows(SparkSession spark, List<Row> rows, List<String> names) {
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return spark.createDataFrame(
                context.parallelize(rows), schema.add(RecordOptions.PROBLEM, DataTypes.StringType));
    }

    /** Columns of {@code data} but {@code others}. */
    static List<Column> columnsBut(Dataset<Row> data, List<String> others) {
        return Arrays.stream(data.columns())
                .filter(name -> !others.contains(name))
                .map(name -> col("`" + name.replace("`", "``") + "`"))
                .toList();
    }
}
