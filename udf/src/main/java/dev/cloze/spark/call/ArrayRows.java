package dev.cloze.spark.call;

import dev.cloze.rows.ResultRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Status;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows that a document becomes, as one value: {@code rows array<struct<…>>}. */
public final class ArrayRows<R> implements ResultRows<R> {
    private static final long serialVersionUID = 1L;
    public static final String ROWS = "rows";

    private final ResultRows<R> each;
    private final Reasons reasons;

    /** What becomes of rows that are not ok. */
    public enum Reasons {
        /** All rows stay, with {@code status} and {@code error}. */
        KEPT,
        /** Only rows that are ok stay, without these two. */
        LEFT_OUT
    }

    public ArrayRows(ResultRows<R> each, Reasons reasons) {
        this.each = each;
        this.reasons = reasons;
    }

    @Override
    public List<StructField> fields() {
        StructType row = new StructType(each.fields().toArray(StructField[]::new));
        StructType whole = reasons == Reasons.LEFT_OUT
                ? row
                : row.add("status", DataTypes.StringType, false).add("error", DataTypes.StringType, true);
        return List.of(new StructField(ROWS, DataTypes.createArrayType(whole, false), false, Metadata.empty()));
    }

    @Override
    public List<ResultRow> rows(Outcome<R> outcome) {
        Row[] rows = each.rows(outcome).stream()
                .filter(row -> reasons == Reasons.KEPT || row.status() == Status.OK)
                .map(this::row)
                .toArray(Row[]::new);
        return List.of(new ResultRow(List.of((Object) rows), outcome.status(), outcome.error()));
    }

    private Row row(ResultRow row) {
        List<Object> values = new ArrayList<>(row.values());
        if (reasons == Reasons.KEPT) {
            values.add(row.status().label());
            values.add(row.error().orElse(null));
        }
        return RowFactory.create(values.toArray());
    }

    @Override
    public List<Object> values(R result) {
        return rows(Outcome.of(result)).get(0).values();
    }

    @Override
    public List<Object> none() {
        return List.of((Object) new Row[0]);
    }
}
