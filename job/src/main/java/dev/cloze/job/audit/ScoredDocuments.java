package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
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

    private static final String TEXT = "text";
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
        List<String> places = places(date);
        if (haveDatesInPaths()) {
            Map<Boolean, List<String>> there = areThere(places, spark);
            places = there.get(true);
            there.get(false)
                    .forEach(place -> terminal.accept(
                            "there are no scores at " + place + ": no document of " + date + " is taken from there"));
        }
        List<Night> nights = places.isEmpty() ? List.of() : nights(places, date, date, spark, terminal);
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
            Map<Boolean, List<String>> there = areThere(places(date), spark);
            missing.addAll(there.get(false));
            if (!there.get(true).isEmpty()) {
                nights.addAll(nights(there.get(true), date, date, spark, terminal));
            }
        }
        sayMissing(missing, nights, terminal);
        return nights;
    }

    private static Map<Boolean, List<String>> areThere(List<String> places, SparkSession spark) {
        return places.stream().collect(Collectors.partitioningBy(place -> TableReader.isThere(place, spark)));
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
        List<Row> states = states(inputs, first, last, spark, terminal);
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

    private List<Row> states(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        UnfinishedRuns unfinished = new UnfinishedRuns(spark);
        if (reading.format().isEmpty()) {
            unfinished.refuse(inputs);
        }
        TableReader reader = new TableReader(spark, inputs, reading, wanted(), terminal);
        ScoreColumns table = new ScoreColumns(reader.read());
        requireOneOfEachName(table.table());
        unfinished.refuse(table.table());
        Dataset<Row> scored = scored(table, first, last);
        Seen seen = seen(scored, first, last);
        List<Row> states = SliceStates.of(documents(scored, seen.firstNight(), first, last), sliceColumns())
                .limit(MOST_STATES + 1)
                .collectAsList();
        if (haveDatesInPaths()) {
            sayOthers(seen.others(), first, inputs, terminal);
        }
        reader.sayDoubtful();
        return states;
    }

    /** Rows with a date, the figures of those that were scored, what can be seen of them, and the columns of slices. */
    private Dataset<Row> scored(ScoreColumns table, LocalDate first, LocalDate last) {
        Column text = table.text(columns.textName());
        List<Column> selected = new ArrayList<>(List.of(
                date(table, first, last).as(SliceStates.DATE),
                table.tokens().as(ScoreColumns.TOKENS),
                table.nll().as(ScoreColumns.NLL),
                text.as(TEXT),
                table.identity(text).as(RepeatedDocuments.IDENTITY)));
        sliceColumns().forEach(name -> selected.add(table.column(name)));
        return table.table().select(selected.toArray(Column[]::new));
    }

    private Dataset<Row> documents(
            Dataset<Row> scored, Optional<LocalDate> firstNight, LocalDate first, LocalDate last) {
        Column date = col(SliceStates.DATE);
        Dataset<Row> until = scored.filter(date.isNull().or(date.leq(lit(last))))
                // Of earlier nights no more is asked than what came before.
                .withColumn(TEXT, when(date.geq(lit(first)), col(TEXT)));
        return RepeatedDocuments.found(until, firstNight, slices())
                .filter(date.isNull().or(date.geq(lit(first))));
    }

    private List<Column> slices() {
        return sliceColumns().stream()
                .map(name -> col(ScoreColumns.quoted(name)).cast(DataTypes.StringType))
                .toList();
    }

    /** What the columns of slices are called once the table was read. */
    private List<String> sliceColumns() {
        return sliceBy.stream().map(Corpus::outputName).toList();
    }

    private TableReader.Wanted wanted() {
        List<String> needed = Stream.of(List.of(ScoreColumns.TOKENS, ScoreColumns.NLL), sliceBy, columns.named())
                .flatMap(List::stream)
                .distinct()
                .toList();
        List<String> optional = new ArrayList<>(List.of(ScoreColumns.ID, ScoreColumns.STATUS));
        columns.date.ifPresentOrElse(any -> {}, () -> optional.add(SliceStates.DATE));
        columns.text.ifPresentOrElse(any -> {}, () -> optional.add(TEXT));
        return new TableReader.Wanted(needed, optional);
    }

    private static void requireOneOfEachName(Dataset<Row> table) {
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
    }

    private Column date(ScoreColumns table, LocalDate first, LocalDate last) {
        boolean isNamed = columns.date.isPresent() || !haveDatesInPaths();
        if (isNamed && table.has(columns.dateName())) {
            return NightDates.of(table.table(), ScoreColumns.quoted(columns.dateName()));
        }
        if (!first.equals(last)) {
            throw ClozeException.user(
                    "tell the nights of these scores apart",
                    "they have no column " + columns.dateName(),
                    "name the column of dates with --date-column, or write " + DATE_IN_PATH + " into --scores");
        }
        return lit(first);
    }

    /**
     * What the dates of all rows tell.
     *
     * @param firstNight of all until the last one that is asked for; absent when there is none
     * @param others rows of nights that nobody asks for
     */
    private record Seen(Optional<LocalDate> firstNight, long others) {}

    private Seen seen(Dataset<Row> scored, LocalDate first, LocalDate last) {
        Column date = col(SliceStates.DATE);
        Row seen = scored.agg(
                        min(when(date.leq(lit(last)), date)),
                        count(date),
                        count(lit(1)),
                        count(when(not(date.between(lit(first), lit(last))), 1)))
                .first();
        if (seen.getLong(1) == 0 && seen.getLong(2) > 0) {
            throw ClozeException.corpus(
                    "tell the nights of these scores apart",
                    "no row has a readable date in the column " + columns.dateName(),
                    "write dates such as 2026-11-21 into it, or name another column with --date-column",
                    null);
        }
        return new Seen(Optional.ofNullable(seen.getDate(0)).map(Date::toLocalDate), seen.getLong(3));
    }

    private void sayOthers(long others, LocalDate night, List<String> places, Consumer<String> terminal) {
        if (others > 0) {
            terminal.accept(String.format(
                    Locale.ROOT,
                    others == 1
                            ? "%,d row at %s is of another night than %s by the column %s and was left out"
                            : "%,d rows at %s are of other nights than %s by the column %s and were left out",
                    others,
                    String.join(", ", places),
                    night,
                    columns.dateName()));
        }
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
