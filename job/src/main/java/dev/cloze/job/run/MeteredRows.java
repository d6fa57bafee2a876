package dev.cloze.job.run;

import dev.cloze.executor.PartsScorer;
import dev.cloze.executor.RunMetrics;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Scores partition by partition.
 *
 * @param metrics of the run
 */
record MeteredRows(PartsScorer scorer, RunMetrics metrics) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return scorer.scoreAll(rows, metrics);
    }
}
