package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.SliceStates;
import java.time.LocalDate;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * The documents of a night beside what the store knows of them.
 *
 * @param what the night delivers
 * @param looked the documents: their keys, what else is counted, and {@link #READ}
 */
record KnownScores(ScoreStore store, Delivery what, LocalDate night, Dataset<Row> looked) {
    /** Whether the model is to read a document. */
    static final String READ = "cloze_read";

    /** Different documents, each with what is known of it: nulls of one that is not. */
    private Dataset<Row> different() {
        Dataset<Row> keys = looked.filter(col(TextKey.NAME).isNotNull())
                .groupBy(TextKey.NAME)
                .agg(max(READ).as(READ));
        return with(store.of(keys.select(TextKey.NAME)), keys);
    }

    private static Dataset<Row> with(Dataset<Row> known, Dataset<Row> rows) {
        return rows.join(known, new String[] {TextKey.NAME}, "left");
    }

    /**
     * Scores what has no score, and notes documents that are met for the first time.
     *
     * @param texts of all documents, with their keys
     */
    void complete(Dataset<Row> texts, MissingScores missing, Terminal terminal) {
        Column isMissing = col(READ).and(col(ScoreStore.TOKENS).isNull()).and(not(hasStayed()));
        Dataset<Row> different = different().persist(StorageLevel.DISK_ONLY());
        try {
            Dataset<Row> wanted = different.filter(isMissing).select(TextKey.NAME);
            long count = wanted.count();
            terminal.say(String.format(
                    Locale.ROOT,
                    "%s: %,d different documents, %,d of them are new to the model",
                    night,
                    different.count(),
                    count));
            if (count > 0) {
                missing.score(count, texts.join(wanted, TextKey.NAME).dropDuplicates(TextKey.NAME));
            }
            note(different.filter(not(isMissing)));
        } finally {
            different.unpersist();
        }
    }

    /** Whether a document of a snapshot was there on an earlier night: it is not judged again. */
    private Column hasStayed() {
        Column isEarlier = coalesce(col(ScoreStore.FIRST_NIGHT).lt(lit(night)), lit(false));
        return what == Delivery.SNAPSHOT ? isEarlier : lit(false);
    }

    /** Documents that the model does not read, and those of which the store knows later nights only, are from this night on seen. */
    private void note(Dataset<Row> different) {
        Column first = col(ScoreStore.FIRST_NIGHT);
        store.add(
                night,
                different
                        .filter(first.isNull().or(first.gt(lit(night))))
                        .select(
                                col(TextKey.NAME),
                                lit(night).as(ScoreStore.FIRST_NIGHT),
                                lit(null).cast(DataTypes.IntegerType).as(ScoreStore.TOKENS),
                                lit(null).cast(DataTypes.DoubleType).as(ScoreStore.NLL)));
    }

    /** Rows without the documents that an earlier night had. */
    static Dataset<Row> arrivals(ScoreStore store, LocalDate night, Dataset<Row> looked) {
        Dataset<Row> earlier = store.of(looked.select(TextKey.NAME).distinct())
                .filter(col(ScoreStore.FIRST_NIGHT).lt(lit(night)));
        return looked.join(earlier, new String[] {TextKey.NAME}, "left_anti");
    }

    /** The documents with their figures, and whether an earlier night had them; null on the first night, since nobody knows. */
    Dataset<Row> documents() {
        Column isKnown = col(TextKey.NAME).isNotNull();
        Column none = lit(null).cast(DataTypes.BooleanType);
        boolean isSnapshot = what == Delivery.SNAPSHOT;
        boolean isFirst =
                store.firstNight().filter(date -> date.isBefore(night)).isEmpty();
        Column isEarlier = when(isKnown, col(ScoreStore.FIRST_NIGHT).lt(lit(night)));
        return with(store.of(looked.select(TextKey.NAME).distinct()), looked)
                .withColumn(ScoreStore.TOKENS, col(ScoreStore.TOKENS).cast(DataTypes.LongType))
                .withColumn(SliceStates.SEEN, isFirst || isSnapshot ? none : isEarlier)
                .withColumn(SliceStates.STAYED, isSnapshot ? when(isKnown, hasStayed()) : none);
    }
}
