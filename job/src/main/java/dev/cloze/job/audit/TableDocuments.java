package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.cloze.rows.SliceStates;
import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Documents of a table of scores.
 *
 * @param tables the table that has the documents of a night; absent where there is none
 */
record TableDocuments(Function<LocalDate, Optional<ScoreTable>> tables) implements NightDocuments {
    @Override
    public List<Candidate> candidates(LocalDate date, Slice slice, Interest interest) {
        return tables.apply(date)
                .map(table -> new DocumentRows(
                                documents(table, date, interest)
                                        .filter(col(SliceStates.DATE).equalTo(lit(date))),
                                table.slices())
                        .candidates(slice, interest))
                .orElse(List.of());
    }

    private static Dataset<Row> documents(ScoreTable table, LocalDate date, Interest interest) {
        Dataset<Row> scored = table.scored(
                date,
                date,
                table.table().id().as(DocumentRows.ID),
                table.table().surprisals().as(DocumentRows.SURPRISALS));
        return interest.asksForRepeated()
                ? table.documents(scored, table.seen(scored, date, date).firstNight(), date, date)
                : scored.withColumn(SliceStates.SEEN, lit(null).cast(DataTypes.BooleanType))
                        .withColumn(SliceStates.COPY, lit(null).cast(DataTypes.BooleanType));
    }
}
