package dev.cloze.job.input;

import static org.apache.spark.sql.functions.col;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.job.records.RecordOptions;
import dev.cloze.job.records.RecordOptions.Kind;
import dev.cloze.job.records.UnreadableFirstRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Loads a corpus: files of characters with readers of this program, other files and sources with Spark's. */
final class CorpusLoading {
    private static final Set<String> FILES = Set.of("text", "json", "csv", "tsv", "parquet", "orc", "avro");

    private final CorpusSession session;
    private final Corpus corpus;

    CorpusLoading(CorpusSession session) {
        this.session = session;
        this.corpus = session.corpus();
    }

    Loaded load() {
        String format = corpus.reading().format().orElse("");
        try {
            Optional<Streams> streams = session.streams();
            if (streams.isPresent()) {
                return loaded(streams.get(), format.isEmpty() ? RecordLoading.TEXT : format);
            }
            if (!format.isEmpty() && !FILES.contains(format)) {
                new RecordLoading(corpus, format).requireEncodingHasUse();
                Dataset<Row> rows = new SparkReaders(session, format).other();
                return new Loaded(rows, format, rows::schema);
            }
            CorpusFiles files = CorpusFiles.of(session);
            format = files.format();
            return loaded(files);
        } catch (ClozeException e) {
            throw e;
        } catch (Exception e) {
            throw explained(e, format);
        }
    }

    private Loaded loaded(CorpusFiles files) {
        RecordLoading loading = new RecordLoading(corpus, files.format());
        loading.requireEncodingHasUse();
        Optional<RecordOptions> options = loading.options(corpus.columns().id().orElse(""));
        if (options.isPresent()) {
            Loaded loaded = loaded(Records.of(files, session), options.get(), files.format());
            options.get().whole().ifPresent(why -> files.sayWhole(loaded.rows(), why));
            return loaded;
        }
        if (RecordLoading.isText(files.format())) {
            session.say("these files are read by Spark's own reader, which --read-option "
                    + String.join(", ", corpus.reading().options().keySet())
                    + " needs: characters that cannot be decoded become U+FFFD and are not counted");
        }
        Dataset<Row> rows = new SparkReaders(session, files.format()).files(files);
        return new Loaded(rows, files.format(), rows::schema);
    }

    private Loaded loaded(Streams streams, String format) {
        Optional<RecordOptions> options =
                new RecordLoading(corpus, format).options(corpus.columns().id().orElse(""));
        return loaded(
                new StreamRecords(streams, session),
                options.orElseThrow(() -> ClozeException.user(
                        "read format " + format + " from a pipe",
                        RecordLoading.isText(format)
                                ? "one of its --read-option is for files"
                                : "only text, json, csv and tsv come through one",
                        "write it to a file first")),
                format);
    }

    private Loaded loaded(Records records, RecordOptions options, String format) {
        if (options.kind() == Kind.OBJECTS || options.kind() == Kind.VALUES) {
            JsonLoading json = new JsonLoading(session, records, options);
            return new Loaded(json.load(), format, json::known);
        }
        Dataset<Row> data = records.load(options, Map.of());
        Dataset<Row> rows = options.kind() == Kind.LINES ? lines(data) : data;
        return new Loaded(rows, format, () -> records.load(options.ofAllColumns(), Map.of())
                .schema());
    }

    /** Lines are called as Spark calls them. */
    private static Dataset<Row> lines(Dataset<Row> data) {
        List<Column> columns = new ArrayList<>(Records.columnsBut(data, List.of(RecordOptions.VALUE)));
        columns.add(0, col(RecordOptions.VALUE).as("value"));
        return data.select(columns.toArray(Column[]::new));
    }

    private RuntimeException explained(Exception e, String format) {
        String all = String.join(", ", corpus.inputs());
        Optional<UnreadableFirstRow> first = Causes.first(e, UnreadableFirstRow.class, any -> true);
        if (first.isPresent()) {
            return ClozeException.corpus(
                    "read " + all, first.get().getMessage(), "repair these files, or check the path and --format", e);
        }
        // Checked exceptions that Scala does not declare.
        if (e instanceof AnalysisException analysis) {
            return unreadable(analysis, all);
        }
        if (String.valueOf(e.getMessage()).contains("DATA_SOURCE_NOT_FOUND")) {
            return unreadableFormat(format);
        }
        return ReadFailure.in(e).map(ReadFailure::explained).orElseGet(() -> ReadFailure.unreadable(all, e));
    }

    private static ClozeException unreadable(AnalysisException e, String all) {
        String condition = String.valueOf(e.getCondition());
        if (condition.equals("PATH_NOT_FOUND")) {
            return ReadFailure.missing(all);
        }
        if (condition.equals("UNABLE_TO_INFER_SCHEMA")) {
            return ClozeException.user(
                    "read corpus " + all, "there is no file in it that has columns", "check the path and --format");
        }
        return ClozeException.user(
                "read corpus " + all,
                e.getMessage().lines().findFirst().orElse(condition),
                "check the path, --format and --read-option");
    }

    private static ClozeException unreadableFormat(String format) {
        return ClozeException.user(
                "read format " + format,
                "Spark has no data source of that name",
                NearMiss.of(format, List.of("text", "json", "csv", "parquet", "orc"))
                        .map(near -> "did you mean " + near + "?")
                        .orElse("use text, json, csv, parquet or orc, or add the source's package with --packages"));
    }
}
