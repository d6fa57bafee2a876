package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;

import dev.cloze.rows.SliceStates;
import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.exemplar.Surprisal;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceSums;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF5;
import org.apache.spark.sql.types.DataTypes;

/**
 * Documents of a table of scores.
 *
 * @param tables the table that has the documents of a night; absent where there is none
 */
record TableDocuments(Function<LocalDate, Optional<ScoreTable>> tables) implements NightDocuments {
    /** Of a text: more than a page shows, and enough to tell near-duplicates. */
    private static final int MOST_CHARACTERS = 4_000;

    private static final String LOOK = "cloze_look";
    static final String ID = "cloze_id";
    private static final String TOLD = "cloze_surprisals";

    @Override
    public List<Candidate> candidates(LocalDate date, Slice slice, Interest interest) {
        return tables.apply(date)
                .map(table -> candidates(table, date, slice, interest))
                .orElse(List.of());
    }

    private static List<Candidate> candidates(ScoreTable table, LocalDate date, Slice slice, Interest interest) {
        Dataset<Row> documents =
                documents(table, date, interest).filter(col(SliceStates.DATE).equalTo(lit(date)));
        List<Column> slices = table.slices();
        for (int i = 0; i < slice.values().size(); i++) {
            documents =
                    documents.filter(slices.get(i).eqNullSafe(lit(slice.values().get(i))));
        }
        return documents
                .filter(isScore())
                .withColumn(LOOK, look(interest))
                .filter(col(LOOK + ".excess").gt(0))
                .withColumn(ScoreTable.TEXT, substring(col(ScoreTable.TEXT), 1, MOST_CHARACTERS))
                .orderBy(
                        expr(LOOK + ".excess * abs(" + LOOK + ".impact)").desc(),
                        col(ScoreColumns.NLL).desc(),
                        col(ScoreColumns.TOKENS),
                        col(ID),
                        col(ScoreTable.TEXT))
                .limit(MOST)
                .select(
                        ID,
                        ScoreColumns.TOKENS,
                        ScoreColumns.NLL,
                        LOOK + ".excess",
                        LOOK + ".impact",
                        LOOK + ".marks",
                        ScoreTable.TEXT,
                        TOLD)
                .collectAsList()
                .stream()
                .map(TableDocuments::candidate)
                .toList();
    }

    private static Dataset<Row> documents(ScoreTable table, LocalDate date, Interest interest) {
        Dataset<Row> scored = table.scored(
                date,
                date,
                table.table().id().as(ID),
                table.table().surprisals().as(TOLD));
        return interest.asksForRepeated()
                ? table.documents(scored, table.seen(scored, date, date).firstNight(), date, date)
                : scored.withColumn(SliceStates.SEEN, lit(null).cast(DataTypes.BooleanType))
                        .withColumn(SliceStates.COPY, lit(null).cast(DataTypes.BooleanType));
    }

    static Column isScore() {
        return col(ScoreColumns.TOKENS)
                .between(1, Integer.MAX_VALUE)
                .and(col(ScoreColumns.NLL).between(0, SliceSums.MOST_NLL));
    }

    private static Column look(Interest interest) {
        UDF5<Long, Double, String, Boolean, Boolean, Row> look = interest::look;
        // Spark would look at each document once for every figure that is asked for.
        return udf(look, Interest.LOOK)
                .asNondeterministic()
                .apply(
                        col(ScoreColumns.TOKENS),
                        col(ScoreColumns.NLL),
                        col(ScoreTable.TEXT),
                        col(SliceStates.SEEN),
                        col(SliceStates.COPY));
    }

    private static Candidate candidate(Row row) {
        Optional<String> text = Optional.ofNullable(row.getString(6));
        long tokens = row.getLong(1);
        return new Candidate(
                Optional.ofNullable(row.getString(0)),
                tokens,
                row.getDouble(2) / tokens,
                row.getDouble(3),
                row.getDouble(4),
                row.getList(5),
                text,
                row.isNullAt(7)
                        ? List.of()
                        : surprisals(row.getList(7), text.map(String::length).orElse(0)));
    }

    /** Of the tokens in the text's beginning; what says nothing is left out. */
    private static List<Surprisal> surprisals(List<Row> tokens, int length) {
        List<Surprisal> known = new ArrayList<>();
        int end = 0;
        for (Row token : tokens) {
            boolean isKnown = !token.anyNull() && token.getInt(0) >= end && token.getInt(1) >= token.getInt(0);
            if (isKnown && token.getInt(1) <= length) {
                known.add(new Surprisal(token.getInt(0), token.getInt(1), token.getDouble(2)));
                end = token.getInt(1);
            }
        }
        return known;
    }
}
