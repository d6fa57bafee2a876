package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prints results on standard output.
 *
 * @param view how they look in a table
 * @param display table or JSON
 * @param most rows of a table
 * @param terminal where to
 */
record RowPrinter(RowView view, Output.Display display, int most, Terminal terminal) {

    /** Prints rows of {@code pieces} in their order; returns how many of each status were printed. */
    Map<String, Long> print(List<Dataset<Row>> pieces) {
        return display == Output.Display.JSON ? printJson(pieces) : printTable(pieces);
    }

    private Map<String, Long> printJson(List<Dataset<Row>> pieces) {
        Map<String, Long> printed = new TreeMap<>();
        for (Dataset<Row> piece : pieces) {
            Iterator<Row> lines = Readable.withoutBytes(piece)
                    .select(to_json(struct(col("*")), Readable.OPTIONS), col("status"))
                    .toLocalIterator();
            lines.forEachRemaining(line -> {
                terminal.print(line.getString(0));
                printed.merge(line.getString(1), 1L, Long::sum);
            });
        }
        return printed;
    }

    private Map<String, Long> printTable(List<Dataset<Row>> pieces) {
        List<Row> rows = new ArrayList<>();
        for (Dataset<Row> piece : pieces) {
            if (rows.size() < most) {
                rows.addAll(
                        Readable.withPlainIds(piece).limit(most - rows.size()).collectAsList());
            }
        }
        Map<String, Long> printed = new TreeMap<>();
        List<List<String>> lines = new ArrayList<>();
        rows.forEach(row -> {
            lines.addAll(view.lines(row));
            printed.merge(row.getString(row.fieldIndex("status")), 1L, Long::sum);
        });
        terminal.print(terminal.render(view.table(), lines).stripTrailing());
        return printed;
    }

    /** Names and figures of something, one below the other, below the rows. */
    void printFigures(String title, Map<String, Object> figures) {
        List<List<String>> lines = figures.entrySet().stream()
                .map(entry -> List.of(entry.getKey(), figure(entry.getValue())))
                .toList();
        printBelow(new Table(List.of(Table.Column.text(title), Table.Column.number(""))), lines);
    }

    /** A table below the rows; with JSON it is no row, and goes to standard error. */
    void printBelow(Table table, List<List<String>> lines) {
        printBelow(terminal.render(table, lines));
    }

    /** The same for text that is ready. */
    void printBelow(String table) {
        String text = System.lineSeparator() + table.stripTrailing();
        if (display == Output.Display.JSON) {
            terminal.err().println(text);
        } else {
            terminal.print(text);
        }
    }

    /** A number as a person reads it; an absent one is a dash. */
    static String figure(Object value) {
        if (value == null) {
            return "-";
        }
        return value instanceof Double figure
                ? String.format(Locale.ROOT, "%,.4f", figure)
                : String.format(Locale.ROOT, "%,d", (Long) value);
    }
}
