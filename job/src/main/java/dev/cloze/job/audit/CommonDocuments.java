package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regr_slope;
import static org.apache.spark.sql.functions.sha2;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Documents that two tables have in common, by their texts or, without texts, by their ids: how the cross-entropies of the same documents
 * go together, as under two models.
 *
 * @param documents how many there are, each once
 * @param before the mean of their cross-entropies in the one table, and
 * @param now in the other
 * @param correlation of both; NaN where there is none
 * @param slope nats of the other for one of the one
 */
record CommonDocuments(long documents, double before, double now, double correlation, double slope) {
    private static final String KEY = "cloze_key";
    private static final String ONE = "cloze_one";
    private static final String OTHER = "cloze_other";
    private static final int DIGEST_BITS = 256;

    /** Absent where they have none. */
    static Optional<CommonDocuments> of(ScoreTable one, ScoreTable other) {
        Row row = keyed(one, ONE)
                .join(keyed(other, OTHER), KEY)
                .agg(count(lit(1)), avg(ONE), avg(OTHER), corr(ONE, OTHER), regr_slope(col(OTHER), col(ONE)))
                .first();
        return row.getLong(0) == 0
                ? Optional.empty()
                : Optional.of(new CommonDocuments(
                        row.getLong(0), row.getDouble(1), row.getDouble(2), figure(row, 3), figure(row, 4)));
    }

    private static double figure(Row row, int place) {
        return row.isNullAt(place) ? Double.NaN : row.getDouble(place);
    }

    /** The cross-entropy of each document, once. */
    private static Dataset<Row> keyed(ScoreTable table, String name) {
        Column key = coalesce(sha2(col(ScoreTable.TEXT), DIGEST_BITS), col(DocumentRows.ID));
        return table.scored(
                        ComparedSide.ANY_NIGHT,
                        ComparedSide.ANY_NIGHT,
                        table.table().id().as(DocumentRows.ID))
                .filter(DocumentRows.isScore())
                .groupBy(key.as(KEY))
                .agg(max(col(ScoreColumns.NLL).divide(col(ScoreColumns.TOKENS))).as(name))
                .filter(col(KEY).isNotNull());
    }
}
