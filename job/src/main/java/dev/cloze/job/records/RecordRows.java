package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Records as rows of Spark's. */
final class RecordRows implements Iterator<InternalRow> {
    private final RecordSource records;
    private final int[] places;
    private final LongConsumer doubtful;
    private long count;
    private TextRecord next;
    private boolean isAtEnd;

    /**
     * @param columns of a row
     * @param fields of a record
     * @param doubtful receives how many records have doubtful characters, whenever there is one more
     */
    RecordRows(RecordSource records, String[] columns, List<String> fields, LongConsumer doubtful) {
        this.records = records;
        this.doubtful = doubtful;
        this.places = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            places[i] = fields.indexOf(columns[i]);
        }
    }

    @Override
    public boolean hasNext() {
        try {
            if (next == null && !isAtEnd) {
                next = records.next();
                isAtEnd = next == null;
                if (isAtEnd) {
                    close();
                }
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        TextRecord record = next;
        next = null;
        if (record.origin() == Origin.DOUBTFUL) {
            doubtful.accept(++count);
        }
        Object[] values = new Object[places.length];
        for (int i = 0; i < places.length; i++) {
            values[i] = UTF8String.fromString(value(record, places[i]));
        }
        return new GenericInternalRow(values);
    }

    private static String value(TextRecord record, int place) {
        if (place < 0) {
            return record.problem();
        }
        return record.problem() == null ? record.fields()[place] : null;
    }

    void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
