package dev.cloze.job.run;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts what a scorer gives.
 *
 * @param count is added up when a task ends
 */
record CountedRows(MapPartitionsFunction<Row, Row> scorer, LongAccumulator count)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        Iterator<Row> scored = scorer.call(rows);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return scored.hasNext();
            }

            @Override
            public Row next() {
                Row row = scored.next();
                count.add(1);
                return row;
            }
        };
    }
}
