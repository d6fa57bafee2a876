package dev.cloze.executor;

import dev.cloze.scoring.Meter;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Scores rows of several parts of a corpus as one series, so that batches are filled from all of them. */
public interface PartsScorer extends MapPartitionsFunction<Row, Row> {

    /**
     * Results in the order of {@code rows}, each with the part of the row that it comes from. A row may have several, or none.
     *
     * @param meter counts what it takes
     */
    Iterator<PartRow> score(Iterator<PartRow> rows, Meter meter);

    /** The same for rows of one part. */
    default Iterator<Row> scoreAll(Iterator<Row> rows, Meter meter) {
        return mapped(score(mapped(rows, row -> new PartRow(0, row)), meter), PartRow::row);
    }

    @Override
    default Iterator<Row> call(Iterator<Row> rows) {
        return scoreAll(rows, Meter.NONE);
    }

    private static <A, B> Iterator<B> mapped(Iterator<A> items, Function<A, B> step) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public B next() {
                return step.apply(items.next());
            }
        };
    }
}
