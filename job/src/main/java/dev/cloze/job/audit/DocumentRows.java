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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF5;

/**
 * Documents of a night as rows, to be looked at.
 *
 * @param rows with the columns {@value #ID} (a string), tokens_scored, nll, {@value #TEXT}, seen, copy and {@value #SURPRISALS}, all of which may be
 *     null, and those of slices
 * @param slices the columns of slices, as strings
 */
public record DocumentRows(Dataset<Row> rows, List<Column> slices) {
    public static final String ID = "cloze_id";
    public static final String TEXT = ScoreTable.TEXT;
    /** Of tokens: structs of start, end and negative log-likelihood. */
    public static final String SURPRISALS = "cloze_surprisals";

    /** Of a text: more than a page shows, and enough to tell near-duplicates. */
    private static final int MOST_CHARACTERS = 4_000;

    private static final String LOOK = "cloze_look";

    /** Those of {@code slice} that are of {@code interest}, as {@link NightDocuments} has them. */
    public List<Candidate> candidates(Slice slice, Interest interest) {
        return in(slice)
                .filter(isScore())
                .withColumn(LOOK, look(interest))
                .filter(col(LOOK + ".excess").gt(0))
                .withColumn(TEXT, substring(col(TEXT), 1, MOST_CHARACTERS))
                .orderBy(
                        expr(LOOK + ".excess * abs(" + LOOK + ".impact)").desc(),
                        col(ScoreColumns.NLL).desc(),
                        col(ScoreColumns.TOKENS),
                        col(ID),
                        col(TEXT))
                .limit(NightDocuments.MOST)
                .select(
                        ID,
                        ScoreColumns.TOKENS,
                        ScoreColumns.NLL,
                        LOOK + ".excess",
                        LOOK + ".impact",
                        LOOK + ".marks",
                        TEXT,
                        SURPRISALS)
                .collectAsList()
                .stream()
                .map(DocumentRows::candidate)
                .toList();
    }

    private Dataset<Row> in(Slice slice) {
        Dataset<Row> chosen = rows;
        for (int i = 0; i < slice.values().size(); i++) {
            chosen = chosen.filter(slices.get(i).eqNullSafe(lit(slice.values().get(i))));
        }
        return chosen;
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
                        col(TEXT),
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
