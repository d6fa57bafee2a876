package dev.cloze.job.chunks;

import dev.cloze.executor.PartRow;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Scored rows of several parts, part by part. */
final class ScoredParts {
    private final Iterator<PartRow> rows;
    private PartRow next;
    private long nanos;

    ScoredParts(Iterator<PartRow> rows) {
        this.rows = rows;
    }

    /** The rows of {@code part}; those of all parts before it have been taken. */
    Iterator<Row> of(int part) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return peek() != null && next.part() == part;
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Row row = next.row();
                next = null;
                return row;
            }
        };
    }

    /** How long it took to get the rows so far. */
    long nanos() {
        return nanos;
    }

    private PartRow peek() {
        if (next == null) {
            long started = System.nanoTime();
            next = rows.hasNext() ? rows.next() : null;
            nanos += System.nanoTime() - started;
        }
        return next;
    }
}
