package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.TableReader;
import dev.cloze.rows.SliceStates;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
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
public record ScoredDocuments(List<String> paths, Corpus.Reading reading, Columns columns, List<String> sliceBy) {

    /**
     * What columns are to the audit.
     *
     * @param date tells the night of a document; when absent, the path does where it has {@value #DATE_IN_PATH}, or else {@value
     *     SliceStates#DATE} where the table has such a column
     * @param text of the document; {@value #TEXT} where the table has such a column, when absent
     */
    public record Columns(Optional<String> date, Optional<String> text) {
        private List<String> named() {
            return Stream.concat(date.stream(), text.stream()).toList();
        }

        /** What the column of dates is called once the table was read. */
        private String dateName() {
            return Corpus.outputName(date.orElse(SliceStates.DATE));
        }

        /** What the column of texts is called once the table was read. */
        private String textName() {
            return Corpus.outputName(text.orElse(TEXT));
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
    /** Places without scores that are named. */
    private static final int MOST_NAMED = 5;
    /** States of all nights together that a driver keeps. */
    private static final int MOST_STATES = 200_000;

    /** Whether every night lies in a place of its own. */
    public boolean haveDatesInPaths() {
        return paths.stream().anyMatch(path -> path.contains(DATE_IN_PATH));
    }

    /** The night {@code date}, of which there may be no document. */
    public Night night(LocalDate date, SparkSession spark, Consumer<String> terminal) {
        List<Night> nights = nights(places(date), date, date, spark, terminal);
        return nights.isEmpty() ? new Night(date, Map.of(Slice.CORPUS, SliceState.EMPTY)) : nights.get(0);
    }

    /**
     * All nights from {@code first} to {@code last} that have a row, in the order of their dates. Places of nights of which there is nothing are
     * left out, and named once.
     */
    public List<Night> nights(LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        if (!haveDatesInPaths()) {
            return nights(paths, first, last, spark, terminal);
        }
        List<Night> nights = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (LocalDate date : first.datesUntil(last.plusDays(1)).toList()) {
            Map<Boolean, List<String>> there = places(date).stream()
                    .collect(Collectors.partitioningBy(place -> TableReader.isThere(place, spark)));
            missing.addAll(there.get(false));
            if (!there.get(true).isEmpty()) {
                nights.addAll(nights(there.get(true), date, date, spark, terminal));
            }
        }
        sayMissing(missing, nights, terminal);
        return nights;
    }

    private List<String> places(LocalDate date) {
        return paths.stream()
                .map(path -> path.replace(DATE_IN_PATH, date.toString()))
                .toList();
    }

    private void sayMissing(List<String> missing, List<Night> nights, Consumer<String> terminal) {
        if (missing.isEmpty()) {
            return;
        }
        String few = missing.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (missing.size() > MOST_NAMED ? " and at " + (missing.size() - MOST_NAMED) + " more places" : "");
        if (nights.isEmpty()) {
            throw ClozeException.user(
                    "read the scores of these nights", "there is nothing at " + few, "check --scores, and the dates");
        }
        terminal.accept("there are no scores at " + few);
    }

    private List<Night> nights(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        Dataset<Row> documents = documents(inputs, first, last, spark, terminal);
        List<Row> states =
                SliceStates.of(documents, sliceColumns()).limit(MOST_STATES + 1).collectAsList();
        requireFew(states.size());
        sayUndated(states, terminal);
        Map<LocalDate, Map<Slice, SliceState>> nights = new TreeMap<>();
        states.stream()
                .filter(row -> !row.isNullAt(0))
                .sorted(Comparator.comparing(SliceStates::slice, Slice.BY_VALUES))
                .forEach(row -> nights.computeIfAbsent(row.getDate(0).toLocalDate(), any -> new LinkedHashMap<>())
                        .put(SliceStates.slice(row), SliceStates.state(row)));
        return nights.entrySet().stream()
                .map(night -> new Night(night.getKey(), night.getValue()))
                .toList();
    }

    /** Rows with a date, the figures of those that were scored, what can be seen of them, and the columns of slices. */
    private Dataset<Row> documents(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        Dataset<Row> table = table(inputs, spark, terminal);
        Column text = has(table, columns.textName())
                ? table.col(quoted(columns.textName())).cast(DataTypes.StringType)
                : none(DataTypes.StringType);
        Column date = col(SliceStates.DATE);
        List<Column> selected = new ArrayList<>(List.of(
                date(table, first, last).as(SliceStates.DATE),
                ifScored(table, count(col(TOKENS))).as(TOKENS),
                ifScored(table, col(NLL).try_cast(DataTypes.DoubleType)).as(NLL),
                text.as(TEXT),
                identity(table, text).as(RepeatedDocuments.IDENTITY)));
        sliceColumns().forEach(name -> selected.add(table.col(quoted(name))));
        Dataset<Row> documents = table.select(selected.toArray(Column[]::new));
        Optional<LocalDate> firstNight = firstNight(documents, last);
        Dataset<Row> until = documents
                .filter(date.isNull().or(date.leq(lit(last))))
                // Of earlier nights no more is asked than what came before.
                .withColumn(TEXT, when(date.geq(lit(first)), col(TEXT)));
        return RepeatedDocuments.found(until, firstNight, slices())
                .filter(date.isNull().or(date.geq(lit(first))));
    }

    private List<Column> slices() {
        return sliceColumns().stream()
                .map(name -> col(quoted(name)).cast(DataTypes.StringType))
                .toList();
    }

    /** What the columns of slices are called once the table was read. */
    private List<String> sliceColumns() {
        return sliceBy.stream().map(Corpus::outputName).toList();
    }

    private Dataset<Row> table(List<String> inputs, SparkSession spark, Consumer<String> terminal) {
        List<String> needed = Stream.of(List.of(TOKENS, NLL), sliceBy, columns.named())
                .flatMap(List::stream)
                .distinct()
                .toList();
        List<String> optional = new ArrayList<>(List.of(ID, STATUS));
        columns.date.ifPresentOrElse(any -> {}, () -> optional.add(SliceStates.DATE));
        columns.text.ifPresentOrElse(any -> {}, () -> optional.add(TEXT));
        Dataset<Row> table = new TableReader(spark, inputs, reading, terminal).read(needed, optional);
        Set<String> names = new HashSet<>();
        for (String name : table.columns()) {
            // Names of columns do not depend on case in Spark.
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw ClozeException.user(
                        "read the scores",
                        "two of the columns that are needed are called " + name + " without their prefixes",
                        "rename one of them in the table");
            }
        }
        return table;
    }

    private static Column none(DataType type) {
        return lit(null).cast(type);
    }

    /** A whole number, which some tables write as 12.0; null for any other. */
    private static Column count(Column number) {
        Column value = number.try_cast(DataTypes.DoubleType);
        return when(value.equalTo(floor(value)), value.try_cast(DataTypes.LongType));
    }

    /** What tells whether two rows are of the same document: the text, or the id and the figures. */
    private static Column identity(Dataset<Row> table, Column text) {
        Column figures = has(table, ID)
                ? when(
                        table.col(ID).isNotNull(),
                        sha2(concat_ws("\u0000", table.col(ID), col(TOKENS), col(NLL)), DIGEST_BITS))
                : none(DataTypes.StringType);
        return coalesce(sha2(text, DIGEST_BITS), figures);
    }

    private Column date(Dataset<Row> table, LocalDate first, LocalDate last) {
        boolean isNamed = columns.date.isPresent() || !haveDatesInPaths();
        if (isNamed && has(table, columns.dateName())) {
            return NightDates.of(table, quoted(columns.dateName()));
        }
        if (!first.equals(last)) {
            throw ClozeException.user(
                    "tell the nights of these scores apart",
                    "they have no column " + columns.dateName(),
                    "name the column of dates with --date-column, or write " + DATE_IN_PATH + " into --scores");
        }
        return lit(first);
    }

    /** The first night of all until {@code last}; absent when there is none. */
    private Optional<LocalDate> firstNight(Dataset<Row> documents, LocalDate last) {
        Column date = col(SliceStates.DATE);
        Row seen = documents
                .agg(min(when(date.leq(lit(last)), date)), functions.count(date), functions.count(lit(1)))
                .first();
        if (seen.getLong(1) == 0 && seen.getLong(2) > 0) {
            throw ClozeException.corpus(
                    "tell the nights of these scores apart",
                    "no row has a readable date in the column " + columns.dateName(),
                    "write dates such as 2026-11-21 into it, or name another column with --date-column",
                    null);
        }
        return Optional.ofNullable(seen.getDate(0)).map(Date::toLocalDate);
    }

    private static boolean has(Dataset<Row> table, String name) {
        return List.of(table.columns()).stream().anyMatch(name::equalsIgnoreCase);
    }

    private static Column ifScored(Dataset<Row> table, Column figure) {
        return has(table, STATUS) ? when(col(STATUS).isNull().or(col(STATUS).equalTo(OK)), figure) : figure;
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
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
                    undated == 1
                            ? "%,d row has no readable date and was left out"
                            : "%,d rows have no readable date and were left out",
                    undated));
        }
    }
}
