package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.uuid;
import static org.apache.spark.sql.functions.when;

import dev.cloze.rows.SliceStates;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/** Documents that came before. */
final class RepeatedDocuments {
    /** Equal for rows of the same document; null where that is not known. */
    static final String IDENTITY = "cloze_identity";

    /** Rows of unknown documents are not put together on one task. */
    private static final String KEY = "cloze_key";

    private RepeatedDocuments() {}

    /**
     * {@code documents} with the columns {@link SliceStates#SEEN} and {@link SliceStates#COPY}. Nobody knows what was seen before the first
     * night that there is.
     */
    static Dataset<Row> found(Dataset<Row> documents) {
        WindowSpec same = Window.partitionBy(KEY);
        WindowSpec sameNight = Window.partitionBy(KEY, SliceStates.DATE).orderBy(SliceStates.DATE);
        Row first = documents.agg(min(SliceStates.DATE)).first();
        Column firstNight = lit(first.get(0)).cast(DataTypes.DateType);
        return documents
                .withColumn(KEY, coalesce(col(IDENTITY), uuid()))
                .withColumn(
                        SliceStates.SEEN,
                        when(
                                col(IDENTITY)
                                        .isNotNull()
                                        .and(col(SliceStates.DATE).gt(firstNight)),
                                min(SliceStates.DATE).over(same).lt(col(SliceStates.DATE))))
                .withColumn(
                        SliceStates.COPY,
                        when(
                                col(IDENTITY).isNotNull(),
                                row_number().over(sameNight).gt(1)));
    }
}
