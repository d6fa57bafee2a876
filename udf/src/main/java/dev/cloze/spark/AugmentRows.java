package dev.cloze.spark;

import dev.cloze.rows.RewriteRows;
import dev.cloze.spark.call.ArrayRows;
import dev.cloze.spark.call.ArrayRows.Reasons;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.catalyst.Request;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/**
 * Makes a row of every candidate, and one more of a document that gave fewer than were asked for: the columns of the document without
 * its text, then {@code variant, text, edits, pll_change}.
 */
public final class AugmentRows extends Transformation<AugmentRows> {
    AugmentRows(Request request) {
        super(request);
    }

    /** Candidates of each document, at least 1; 1 unless this is called. */
    public AugmentRows variants(int candidates) {
        return option("augment.variants", candidates);
    }

    /** A column of ints: candidates of each document. */
    public AugmentRows variantsFrom(String column) {
        return column(Input.VARIANTS, column);
    }

    /** Another seed draws other candidates. */
    public AugmentRows seed(long seed) {
        return option("augment.seed", seed);
    }

    /** A column of ids, on which draws depend; without it they depend on the text. */
    public AugmentRows id(String column) {
        return column(Input.ID, column);
    }

    @Override
    AugmentRows with(Request other) {
        return new AugmentRows(other);
    }

    @Override
    String name() {
        return "augment";
    }

    @Override
    Call<?> call(Calls calls) {
        return calls.augment(
                new ArrayRows<>(new RewriteRows(), Reasons.KEPT), request().inputs());
    }

    @Override
    Dataset<Row> scored(Dataset<Row> rows) {
        Call<?> call = call(request().calls(rows));
        Column results = request().result(rows, call);
        String text = request().columns().get(Input.TEXT);
        List<Column> columns = new ArrayList<>();
        for (String name : rows.columns()) {
            if (!name.equals(text)) {
                columns.add(rows.col(Request.quoted(name)));
            }
        }
        StructType made =
                (StructType) ((ArrayType) call.type().apply(ArrayRows.ROWS).dataType()).elementType();
        Request.requireRoom(rows.drop(text), List.of(made.fieldNames()));
        columns.add(functions.inline(results.getField(ArrayRows.ROWS)));
        return rows.select(columns.toArray(Column[]::new));
    }
}
