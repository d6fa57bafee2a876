package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.TableReader;
import dev.cloze.rows.SliceStates;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * A table of document scores that was read: which night and slice each document is of, and what is known of it.
 *
 * @param table as it was read
 * @param meaning of its columns
 * @param sliceBy what the columns of slices are called in it
 */
record ScoreTable(ScoreColumns table, Meaning meaning, List<String> sliceBy) {
    static final String TEXT = "text";

    /**
     * What columns are to the audit.
     *
     * @param date what the column of dates is called
     * @param isDateNamed whether it was asked for, so that it decides where there is one
     * @param text what the column of texts is called
     */
    record Meaning(String date, boolean isDateNamed, String text) {}

    /**
     * What the dates of all rows tell.
     *
     * @param firstNight of all until the last one that is asked for; absent when there is none
     * @param others rows of nights that nobody asks for
     */
    record Seen(Optional<LocalDate> firstNight, long others) {}

    ScoreTable {
        requireOneOfEachName(table.table());
    }

    /**
     * What is read of a table whose scores are audited.
     *
     * @param more columns that are read where there are any
     */
    static TableReader.Wanted wanted(List<String> sliceBy, ScoredDocuments.Columns columns, String... more) {
        List<String> needed = Stream.of(List.of(ScoreColumns.TOKENS, ScoreColumns.NLL), sliceBy, columns.named())
                .flatMap(List::stream)
                .distinct()
                .toList();
        List<String> optional = new ArrayList<>(List.of(ScoreColumns.ID, ScoreColumns.STATUS));
        columns.date().ifPresentOrElse(any -> {}, () -> optional.add(SliceStates.DATE));
        columns.text().ifPresentOrElse(any -> {}, () -> optional.add(TEXT));
        optional.addAll(List.of(more));
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

    /**
     * Rows with a date, the figures of those that were scored, what can be seen of them, and the columns of slices, until night {@code
     * last}.
     *
     * @param more columns that are wanted beside these
     */
    Dataset<Row> scored(LocalDate first, LocalDate last, Column... more) {
        Column text = table.text(meaning.text);
        List<Column> selected = new ArrayList<>(List.of(
                date(first, last).as(SliceStates.DATE),
                table.tokens().as(ScoreColumns.TOKENS),
                table.nll().as(ScoreColumns.NLL),
                text.as(TEXT),
                table.identity(text).as(RepeatedDocuments.IDENTITY)));
        sliceBy.forEach(name -> selected.add(table.column(name)));
        selected.addAll(List.of(more));
        return table.table().select(selected.toArray(Column[]::new));
    }

    /** Those of the nights from {@code first} to {@code last}, and those without a date, with what came before. */
    Dataset<Row> documents(Dataset<Row> scored, Optional<LocalDate> firstNight, LocalDate first, LocalDate last) {
        Column date = col(SliceStates.DATE);
        Dataset<Row> until = scored.filter(date.isNull().or(date.leq(lit(last))))
                // Of earlier nights no more is asked than what came before.
                .withColumn(TEXT, when(date.geq(lit(first)), col(TEXT)));
        return RepeatedDocuments.found(until, firstNight, slices())
                .filter(date.isNull().or(date.geq(lit(first))));
    }

    /** The columns of slices as strings. */
    List<Column> slices() {
        return sliceBy.stream()
                .map(name -> col(ScoreColumns.quoted(name)).cast(DataTypes.StringType))
                .toList();
    }

    private Column date(LocalDate first, LocalDate last) {
        if (meaning.isDateNamed && table.has(meaning.date)) {
            return NightDates.of(table.table(), ScoreColumns.quoted(meaning.date));
        }
        if (!first.equals(last)) {
            throw ClozeException.user(
                    "tell the nights of these scores apart",
                    "they have no column " + meaning.date,
                    "name the column of dates with --date-column, or write " + ScoredDocuments.DATE_IN_PATH
                            + " into --scores");
        }
        return lit(first);
    }

    Seen seen(Dataset<Row> scored, LocalDate first, LocalDate last) {
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
                    "no row has a readable date in the column " + meaning.date,
                    "write dates such as 2026-11-21 into it, or name another column with --date-column",
                    null);
        }
        return new Seen(Optional.ofNullable(seen.getDate(0)).map(Date::toLocalDate), seen.getLong(3));
    }
}
