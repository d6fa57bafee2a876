package dev.cloze.job.plan;

import java.io.Serializable;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;

/** Writes into rows where they stand in the corpus. Not a record: Kryo cannot read those. */
public final class RowPlace implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int ABSENT = -1;

    private final int column;

    /** @param column where the place is written; nowhere when absent */
    public RowPlace(OptionalInt column) {
        this.column = column.orElse(ABSENT);
    }

    /**
     * The row with its place, unless it knows that already: rows of a copy do.
     *
     * @param file of the corpus
     * @param number of the row in it, from 0
     */
    public Row write(Row row, String file, long number) {
        if (column == ABSENT || !row.isNullAt(column)) {
            return row;
        }
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == column ? RowFactory.create(file, number) : row.get(i);
        }
        return new GenericRowWithSchema(values, row.schema());
    }
}
