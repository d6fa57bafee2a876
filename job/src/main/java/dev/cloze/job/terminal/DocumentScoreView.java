package dev.cloze.job.terminal;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** A line for each document, or example. */
public final class DocumentScoreView implements RowView {
    private static final String FIGURE = "%.4f";

    @Override
    public Table table() {
        return new Table(List.of(
                Table.Column.text("id"),
                Table.Column.number("tokens"),
                Table.Column.number("nll"),
                Table.Column.number("cross_entropy"),
                Table.Column.number("perplexity"),
                Table.Column.text("status")));
    }

    @Override
    public List<List<String>> lines(Row row) {
        return List.of(List.of(
                Readable.text(row.get(row.fieldIndex("id"))),
                String.valueOf(row.getInt(row.fieldIndex("tokens"))),
                figure(row, "nll"),
                figure(row, "cross_entropy"),
                figure(row, "perplexity"),
                row.isNullAt(row.fieldIndex("error"))
                        ? row.getString(row.fieldIndex("status"))
                        : row.getString(row.fieldIndex("status")) + ": " + row.getString(row.fieldIndex("error"))));
    }

    private static String figure(Row row, String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? "" : String.format(Locale.ROOT, FIGURE, row.getDouble(index));
    }
}
