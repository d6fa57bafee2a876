package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.TableReader;
import dev.cloze.rows.SliceStates;
import dev.cloze.rows.StateRows;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

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
     * @param text of the document; {@value ScoreTable#TEXT} where the table has such a column, when absent
     */
    public record Columns(Optional<String> date, Optional<String> text) {
        List<String> named() {
            return Stream.concat(date.stream(), text.stream()).toList();
        }

        /** What the column of dates is called once the table was read. */
        private String dateName() {
            return Corpus.outputName(date.orElse(SliceStates.DATE));
        }

        /** What the column of texts is called once the table was read. */
        private String textName() {
            return Corpus.outputName(text.orElse(ScoreTable.TEXT));
        }
    }

    /** Stands in a path for the date of a night. */
    public static final String DATE_IN_PATH = "{date}";

    /** Places without scores that are named. */
    private static final int MOST_NAMED = 5;
    /** States of all nights together that a driver keeps. */
    private static final int MOST_STATES = 200_000;

    /** The documents themselves, to be looked at; what is to be said of the table was said when it was added up. */
    NightDocuments documents(SparkSession spark) {
        Map<List<String>, ScoreTable> read = new HashMap<>();
        return new TableDocuments(date -> {
            List<String> places =
                    haveDatesInPaths() ? areThere(places(date), spark).get(true) : paths;
            return places.isEmpty()
                    ? Optional.empty()
                    : Optional.of(read.computeIfAbsent(places, any -> table(places, spark)));
        });
    }

    private ScoreTable table(List<String> inputs, SparkSession spark) {
        TableReader.Wanted wanted = ScoreTable.wanted(sliceBy, columns, ScoreColumns.SURPRISALS);
        return table(new TableReader(spark, inputs, reading, wanted, message -> {}), isDateNamed());
    }

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

    /** All documents, whatever their dates are, as one side of a comparison. */
    ComparedSide whole(SparkSession spark, Consumer<String> terminal) {
        TableReader.Wanted wanted = ScoreTable.wanted(sliceBy, columns, ScoreColumns.SURPRISALS);
        TableReader reader = new TableReader(spark, paths, reading, wanted, terminal);
        ScoreTable table = complete(paths, reader, spark, false);
        LocalDate any = ComparedSide.ANY_NIGHT;
        List<Row> states = states(table, table.documents(table.scored(any, any), Optional.empty(), any, any));
        requireFew(states.size());
        reader.sayDoubtful();
        List<Night> nights = nights(states);
        return new ComparedSide(
                String.join(", ", paths),
                nights.isEmpty() ? new Night(any, Map.of(Slice.CORPUS, SliceState.EMPTY)) : nights.get(0),
                Optional.of(table));
    }

    private List<Night> nights(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        List<Row> states = states(inputs, first, last, spark, terminal);
        requireFew(states.size());
        sayUndated(states, terminal);
        return nights(states);
    }

    private static List<Night> nights(List<Row> states) {
        Map<LocalDate, Map<Slice, SliceState>> nights = new TreeMap<>();
        states.stream()
                .filter(row -> !row.isNullAt(0))
                .sorted(Comparator.comparing(StateRows::slice, Slice.BY_VALUES))
                .forEach(row -> nights.computeIfAbsent(row.getDate(0).toLocalDate(), any -> new LinkedHashMap<>())
                        .put(StateRows.slice(row), StateRows.state(row)));
        return nights.entrySet().stream()
                .map(night -> new Night(night.getKey(), night.getValue()))
                .toList();
    }

    private List<Row> states(
            List<String> inputs, LocalDate first, LocalDate last, SparkSession spark, Consumer<String> terminal) {
        TableReader reader = new TableReader(spark, inputs, reading, ScoreTable.wanted(sliceBy, columns), terminal);
        ScoreTable table = complete(inputs, reader, spark, isDateNamed());
        Dataset<Row> scored = table.scored(first, last);
        ScoreTable.Seen seen = table.seen(scored, first, last);
        List<Row> states = states(table, table.documents(scored, seen.firstNight(), first, last));
        if (haveDatesInPaths()) {
            sayOthers(seen.others(), first, inputs, terminal);
        }
        reader.sayDoubtful();
        return states;
    }

    private static List<Row> states(ScoreTable table, Dataset<Row> documents) {
        return SliceStates.of(documents, table.sliceBy()).limit(MOST_STATES + 1).collectAsList();
    }

    /** The table of {@code inputs}, which are of runs that ended. */
    private ScoreTable complete(List<String> inputs, TableReader reader, SparkSession spark, boolean isDateNamed) {
        UnfinishedRuns unfinished = new UnfinishedRuns(spark);
        if (reading.format().isEmpty()) {
            unfinished.refuse(inputs);
        }
        ScoreTable table = table(reader, isDateNamed);
        unfinished.refuse(table.table().table());
        return table;
    }

    private boolean isDateNamed() {
        return columns.date.isPresent() || !haveDatesInPaths();
    }

    private ScoreTable table(TableReader reader, boolean isDateNamed) {
        return new ScoreTable(
                new ScoreColumns(reader.read()),
                new ScoreTable.Meaning(columns.dateName(), isDateNamed, columns.textName()),
                // What the columns are called once the table was read.
                sliceBy.stream().map(Corpus::outputName).toList());
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
                .mapToLong(row -> StateRows.state(row).rows())
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
