package dev.cloze.job.terminal;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
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
public record RowPrinter(RowView view, Display display, int most, Terminal terminal) {

    /** Prints rows of {@code pieces} in their order. */
    public void print(Stream<Dataset<Row>> pieces) {
        if (display == Display.JSON) {
            pieces.forEachOrdered(this::printJson);
        } else {
            printTable(pieces.iterator());
        }
    }

    /** Prints {@code rows}: all that are there with JSON. */
    public void print(RowsInMemory rows) {
        if (display == Display.JSON) {
            rows.json().forEach(terminal::print);
        } else {
            printTable(rows.rows().stream().limit(most).toList());
        }
    }

    private void printJson(Dataset<Row> piece) {
        Readable.withoutBytes(piece)
                .select(to_json(struct(col("*")), Readable.OPTIONS))
                .toLocalIterator()
                .forEachRemaining(line -> terminal.print(line.getString(0)));
    }

    private void printTable(Iterator<Dataset<Row>> pieces) {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < most && pieces.hasNext()) {
            rows.addAll(Readable.withPlainIds(pieces.next())
                    .limit(most - rows.size())
                    .collectAsList());
        }
        printTable(rows);
    }

    private void printTable(List<Row> rows) {
        List<List<String>> lines =
                rows.stream().flatMap(row -> view.lines(row).stream()).toList();
        terminal.print(terminal.render(view.table(), lines).stripTrailing());
    }

    /** The names and figures of a record, one below the other, below the rows. */
    public void printFigures(String title, Record figures) {
        printBelow(
                new Table(List.of(Table.Column.text(title), Table.Column.number(""))),
                Figures.of(figures).lines());
    }

    /** A table below the rows; with JSON it is no row, and goes to standard error. */
    public void printBelow(Table table, List<List<String>> lines) {
        printBelow(terminal.render(table, lines));
    }

    /** The same for text that is ready. */
    public void printBelow(String table) {
        String text = System.lineSeparator() + table.stripTrailing();
        if (display == Display.JSON) {
            terminal.err().println(text);
        } else {
            terminal.print(text);
        }
    }
}
