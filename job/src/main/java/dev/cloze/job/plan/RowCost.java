package dev.cloze.job.plan;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/** What rows cost, so that chunks are about equal work. */
public interface RowCost extends Serializable {

    /** Tokens that the model will read for this row, roughly. */
    long of(Row row);

    /** Whether a chunk may begin with {@code next}. */
    default boolean isChunkBoundary(Row before, Row next) {
        return true;
    }
}
