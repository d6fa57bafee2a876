package dev.cloze.job.input;

import dev.cloze.job.records.RecordOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Records that came through pipes, in the memory of the driver. */
record StreamRecords(Streams streams, CorpusSession session) implements Records {
    private static final String SOURCE = "what was piped in";

    @Override
    public Dataset<Row> load(RecordOptions options, Map<String, String> more) {
        try {
            List<String> names = options.schema(names(options));
            List<Row> rows = new ArrayList<>();
            for (Path file : streams.files()) {
                try (InputStream in = Files.newInputStream(file)) {
                    options.read(in, names.toArray(String[]::new), count -> session.doubtful()
                                    .add(SOURCE, count))
                            .forEach(row -> rows.add(RowFactory.create((Object[]) row)));
                }
            }
            return session.spark()
                    .createDataFrame(
                            JavaSparkContext.fromSparkContext(session.spark().sparkContext())
                                    .parallelize(rows),
                            schema(names));
        } catch (IOException e) {
            throw ReadFailure.unreadable(String.join(", ", session.corpus().inputs()), e);
        }
    }

    private List<String> names(RecordOptions options) throws IOException {
        for (Path file : streams.files()) {
            try (InputStream in = Files.newInputStream(file)) {
                List<String> names = options.names(in);
                if (!names.isEmpty()) {
                    return names;
                }
            }
        }
        return List.of();
    }

    private static StructType schema(List<String> names) {
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return schema.add(RecordOptions.PROBLEM, DataTypes.StringType);
    }
}
