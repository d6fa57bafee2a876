package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.TableReader;
import dev.cloze.rows.SliceStates;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Document scores that exist already: what {@code cloze perplexity} wrote, or any table with its columns.
 *
 * @param paths where they lie; {@value #DATE_IN_PATH} stands for the date of a night
 * @param reading how they are read
 * @param columns what columns are to the audit
 * @param sliceBy columns that slices are made by
 */
public record Scores(List<String> paths, Corpus.Reading reading, Columns columns, List<String> sliceBy) {

    /**
     * What columns are to the audit.
     *
     * @param date tells the night of a document; {@value SliceStates#DATE} where the table has such a column, when absent
     * @param text of the document; {@value #TEXT} where the table has such a column, when absent
     */
    public record Columns(Optional<String> date, Optional<String> text) {
        private List<String> named() {
            return Stream.concat(date.stream(), text.stream()).toList();
        }

        private String dateName() {
            return date.orElse(SliceStates.DATE);
        }

        private String textName() {
            return text.orElse(TEXT);
        }
    }

    /** Stands in a path for the date of a night. */
    public static final String DATE_IN_PATH = "{date}";

    private static final String TOKENS = "tokens_scored";
    private static final String NLL = "nll";
    private static final String STATUS = "status";
    private static final String OK = "ok";
    private static final String ID = "id";
    private static final String TEXT = "text";
    private static final int DIGEST_BITS = 256;
    /** States of all nights together that a driver keeps. */
    private static final int MOST_STATES = 200_000;

    /** Whether every night lies in a place of its own. */
    public boolean haveDatesInPaths() {
        return paths.stream().anyMatch(path -> path.contains(DATE_IN_PATH));
    }

    /** The night {@code date}, of which there may be no document. */
    public Night night(LocalDate date, SparkSession spark, Consumer<String> terminal) {
        List<Night> nights = nights(date, date, spark, terminal);
        return nights.isEmpty() ? new Night(date, Map.of(Slice.CORPUS, SliceState.EMPTY)) : nights.get(0);
    }

    /** All nights from {@code first} to {@code last} that have a row, in the order of their dates. */
    public List<Night> nights(LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        if (!haveDatesInPaths()) {
            return nights(paths, first, last, spark, terminal);
        }
        List<Night> nights = new ArrayList<>();
        first.datesUntil(last.plusDays(1)).forEach(date -> {
            List<String> there = paths.stream()
                    .map(path -> path.replace(DATE_IN_PATH, date.toString()))
                    .toList();
            nights.addAll(nights(there, date, date, spark, terminal));
        });
        return nights;
    }

    private List<Night> nights(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        Dataset<Row> documents = documents(inputs, first, last, spark, terminal);
        List<Row> states =
                SliceStates.of(documents, sliceBy).limit(MOST_STATES + 1).collectAsList();
        requireFew(states.size());
        sayUndated(states, terminal);
        Map<LocalDate, Map<Slice, SliceState>> nights = new TreeMap<>();
        states.stream()
                .filter(row -> !row.isNullAt(0))
                .sorted(Comparator.comparing(row -> SliceStates.slice(row).label()))
                .forEach(row -> nights.computeIfAbsent(row.getDate(0).toLocalDate(), any -> new LinkedHashMap<>())
                        .put(SliceStates.slice(row), SliceStates.state(row)));
        return nights.entrySet().stream()
                .map(night -> new Night(night.getKey(), night.getValue()))
                .toList();
    }

    /** Rows with a date, the figures of those that were scored, what can be seen of them, and the columns of slices. */
    private Dataset<Row> documents(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        List<String> needed = new ArrayList<>(List.of(TOKENS, NLL));
        needed.addAll(sliceBy);
        needed.addAll(columns.named());
        List<String> optional = List.of(ID, STATUS, columns.dateName(), columns.textName());
        Dataset<Row> table = new TableReader(spark, inputs, reading, terminal).read(needed, optional);
        Column text =
                has(table, columns.textName()) ? table.col(quoted(columns.textName())) : none(DataTypes.StringType);
        List<Column> selected = new ArrayList<>(List.of(
                date(table, first, last).as(SliceStates.DATE),
                ifScored(table, col(TOKENS).try_cast(DataTypes.LongType)).as(TOKENS),
                ifScored(table, col(NLL).try_cast(DataTypes.DoubleType)).as(NLL),
                text.cast(DataTypes.StringType).as(TEXT),
                identity(table, text).as(RepeatedDocuments.IDENTITY)));
        sliceBy.forEach(name -> selected.add(table.col(quoted(name)).as(Corpus.outputName(name))));
        Column date = col(SliceStates.DATE);
        Dataset<Row> until = table.select(selected.toArray(Column[]::new))
                .filter(date.isNull().or(date.leq(lit(last))));
        return RepeatedDocuments.found(until).filter(date.isNull().or(date.geq(lit(first))));
    }

    private static Column none(DataType type) {
        return lit(null).cast(type);
    }

    /** What tells whether two rows are of the same document: the text, or the id and the figures. */
    private static Column identity(Dataset<Row> table, Column text) {
        Column figures = has(table, ID)
                ? sha2(concat_ws("\u0000", table.col(ID), col(TOKENS), col(NLL)), DIGEST_BITS)
                : none(DataTypes.StringType);
        return coalesce(sha2(text.cast(DataTypes.StringType), DIGEST_BITS), figures);
    }

    private Column date(Dataset<Row> table, LocalDate first, LocalDate last) {
        if (has(table, columns.dateName())) {
            return table.col(quoted(columns.dateName())).try_cast(DataTypes.DateType);
        }
        if (!first.equals(last)) {
            throw ClozeException.user(
                    "tell the nights of these scores apart",
                    "they have no column " + columns.dateName(),
                    "name the column of dates with --date-column, or write " + DATE_IN_PATH + " into --scores");
        }
        return lit(first);
    }

    private static boolean has(Dataset<Row> table, String name) {
        return List.of(table.columns()).stream().anyMatch(name::equalsIgnoreCase);
    }

    private static Column ifScored(Dataset<Row> table, Column figure) {
        return has(table, STATUS) ? when(col(STATUS).isNull().or(col(STATUS).equalTo(OK)), figure) : figure;
    }

    private static String quoted(String name) {
        return "`" + Corpus.outputName(name).replace("`", "``") + "`";
    }

    private static void requireFew(int states) {
        if (states > MOST_STATES) {
            throw ClozeException.user(
                    "audit so many slices",
                    String.format(Locale.ROOT, "there are more than %,d slices of all nights together", MOST_STATES),
                    "use --slice-by with columns that have fewer values, or fewer nights at a time");
        }
    }

    private static void sayUndated(List<Row> states, Consumer<String> terminal) {
        long undated = states.stream()
                .filter(row -> row.isNullAt(0))
                .mapToLong(row -> SliceStates.state(row).rows())
                .sum();
        if (undated > 0) {
            terminal.accept(String.format(
                    Locale.ROOT,
                    "%,d row%s without a date and belong%s to no night",
                    undated,
                    undated == 1 ? " is" : "s are",
                    undated == 1 ? "s" : ""));
        }
    }
}
