package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.uuid;
import static org.apache.spark.sql.functions.when;

import dev.cloze.rows.SliceStates;
import dev.cloze.stats.night.SliceSums;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
     *
     * @param slices by which the first of several copies is chosen, so that a slice's number of copies depends on no order of rows
     */
    static Dataset<Row> found(Dataset<Row> documents, Optional<LocalDate> firstNight, List<Column> slices) {
        WindowSpec same = Window.partitionBy(KEY);
        Column[] order =
                Stream.concat(Stream.of(isScored().desc()), slices.stream()).toArray(Column[]::new);
        WindowSpec sameNight = Window.partitionBy(KEY, SliceStates.DATE).orderBy(order);
        Column first = lit(firstNight.orElse(null)).cast(DataTypes.DateType);
        return documents
                .withColumn(KEY, coalesce(col(IDENTITY), uuid()))
                .withColumn(
                        SliceStates.SEEN,
                        when(
                                col(IDENTITY)
                                        .isNotNull()
                                        .and(col(SliceStates.DATE).gt(first)),
                                min(SliceStates.DATE).over(same).lt(col(SliceStates.DATE))))
                .withColumn(
                        SliceStates.COPY,
                        when(
                                col(IDENTITY).isNotNull(),
                                row_number().over(sameNight).gt(1)));
    }

    /** Copies are counted among documents with a score. */
    private static Column isScored() {
        Column isScored = col("tokens_scored")
                .between(1, Integer.MAX_VALUE)
                .and(col("nll").between(0, SliceSums.MOST_NLL));
        return coalesce(isScored, lit(false));
    }
}
