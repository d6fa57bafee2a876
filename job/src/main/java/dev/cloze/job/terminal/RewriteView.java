package dev.cloze.job.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** A line for each candidate, with what was changed; a line with the reason where candidates are missing. */
public final class RewriteView implements RowView {
    private final Figures figures;

    /** What is shown of each candidate beside its text and edits. */
    public enum Figures {
        NONE,
        PLL_CHANGE
    }

    public RewriteView(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Table table() {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text("id"),
                Table.Column.number("variant"),
                Table.Column.text("text"),
                Table.Column.text("edits")));
        if (figures == Figures.PLL_CHANGE) {
            columns.add(Table.Column.number("pll_change"));
        }
        return new Table(columns);
    }

    @Override
    public List<List<String>> lines(Row row) {
        List<String> line = new ArrayList<>();
        line.add(Readable.text(row.get(row.fieldIndex("id"))));
        int variant = row.fieldIndex("variant");
        if (row.isNullAt(variant)) {
            line.addAll(List.of("", row.getString(row.fieldIndex("error")), row.getString(row.fieldIndex("status"))));
        } else {
            List<Row> edits = row.getList(row.fieldIndex("edits"));
            line.addAll(List.of(
                    String.valueOf(row.getInt(variant)),
                    row.getString(row.fieldIndex("text")),
                    edits.stream().map(RewriteView::edit).collect(Collectors.joining(", "))));
        }
        if (figures == Figures.PLL_CHANGE) {
            int change = row.fieldIndex("pll_change");
            line.add(row.isNullAt(change) ? "" : String.format(Locale.ROOT, "%+.2f", row.getDouble(change)));
        }
        return List.of(line);
    }

    private static String edit(Row edit) {
        String original = edit.getAs("original");
        String sign = original.isEmpty() ? "+" : original + "→";
        return sign
                + edit.<String>getAs("replacement").strip()
                + String.format(Locale.ROOT, " %.2g", edit.<Double>getAs("probability"));
    }
}
