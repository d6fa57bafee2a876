package dev.cloze.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.records.RecordOptions;
import dev.cloze.rows.CorpusRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads a corpus with Spark into rows as {@link CorpusRow} has them. */
public final class CorpusReader {
    /** The column that tells where a row stands in the corpus. */
    public static final String ROW = "row";

    /** Its type: a file of the corpus, and the number of the row in it, from 0. */
    public static final StructType ROW_TYPE =
            new StructType().add("file", DataTypes.StringType).add("number", DataTypes.LongType);

    private static final String LINE = "value";
    private static final String TEXT = "text";
    /** Between the two sentences of a pair when an id is derived: stands in no text that means anything. */
    private static final String SEPARATOR = "\u0000";

    private final SparkSession spark;
    private final Corpus corpus;
    private final CorpusSession session;

    public CorpusReader(CorpusSession session) {
        this.spark = session.spark();
        this.corpus = session.corpus();
        this.session = session;
    }

    /** @param results names of columns that scoring adds */
    public Dataset<Row> read(Set<String> results) {
        if (!corpus.texts().isEmpty()) {
            return ofTexts();
        }
        CorpusLoading loading = new CorpusLoading(session);
        Loaded loaded = loading.load();
        Dataset<Row> data = loaded.rows();
        Columns columns = new Columns(data, loaded.known());
        Column text = columns.text(corpus.columns().text().orElse(loaded.isText() ? LINE : TEXT));
        Column pair =
                corpus.columns().pair().map(columns::text).orElse(lit(null).cast(DataTypes.StringType));
        List<Column> selected = new ArrayList<>();
        selected.add(corpus.columns()
                .id()
                .map(columns::find)
                .orElseGet(() -> md5(concat_ws(SEPARATOR, text, pair).cast(DataTypes.BinaryType)))
                .as(CorpusRow.ID));
        selected.addAll(kept(columns, results));
        if (hasRowColumn()) {
            // The task that reads a row knows its place.
            selected.add(lit(null).cast(ROW_TYPE).as(ROW));
        }
        selected.addAll(CorpusRow.content(text, pair, problem(data)));
        return data.select(selected.toArray(Column[]::new));
    }

    private boolean hasRowColumn() {
        return corpus.columns().row() == Corpus.RowColumn.FILE_AND_NUMBER;
    }

    /** The columns of {@code read} that results carry along, with their types. */
    public static String carried(StructType read) {
        return Arrays.stream(read.fields())
                .filter(field -> !CorpusRow.isReserved(field.name()))
                .map(field -> field.name() + " " + field.dataType().catalogString())
                .collect(Collectors.joining(", "));
    }

    /** Why a row could not be read, or null. */
    private static Column problem(Dataset<Row> data) {
        List<String> columns = List.of(data.columns());
        if (columns.contains(RecordOptions.PROBLEM)) {
            return col(RecordOptions.PROBLEM);
        }
        if (!columns.contains(SparkReaders.CORRUPT)) {
            return lit(null).cast(DataTypes.StringType);
        }
        return when(
                col(SparkReaders.CORRUPT).isNotNull(),
                concat(
                        lit("Cannot read this row: it is not as the others are: "),
                        substring(col(SparkReaders.CORRUPT), 1, 60),
                        lit("; correct it, or check --format and --read-option")));
    }

    private Dataset<Row> ofTexts() {
        return hasRowColumn()
                ? spark.createDataFrame(CorpusTexts.placed(corpus.texts()), CorpusTexts.PLACED)
                : spark.createDataFrame(CorpusTexts.rows(corpus.texts()), CorpusTexts.SCHEMA);
    }

    private List<Column> kept(Columns columns, Set<String> results) {
        Set<String> taken = new HashSet<>(results);
        taken.add(CorpusRow.ID);
        if (hasRowColumn()) {
            taken.add(ROW);
        }
        List<Column> kept = new ArrayList<>();
        for (String name : corpus.columns().keep()) {
            Column column = columns.find(name);
            String last = Corpus.outputName(name);
            // Names of columns do not depend on case in Spark.
            String lower = last.toLowerCase(Locale.ROOT);
            if (CorpusRow.isReserved(lower) || !taken.add(lower)) {
                throw ClozeException.user(
                        "keep column " + name,
                        "the output has a column " + lower + " already",
                        last.equalsIgnoreCase(CorpusRow.ID)
                                ? "name it with --id-column " + name
                                : "leave it out, or rename it in the corpus");
            }
            kept.add(column.as(last));
        }
        return kept;
    }
}
