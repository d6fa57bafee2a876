package dev.cloze.job.terminal;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lines of cells under a header, each column as wide as its widest cell.
 *
 * @param columns names and sides of the columns
 */
public record Table(List<Column> columns) {
    /** Of a cell, or a line, where nobody knows how wide the terminal is. */
    static final int WIDEST = 80;

    private static final int NARROWEST = 8;
    private static final String GAP = "  ";

    /** A column; numbers stand on the right. */
    public record Column(String name, Side side) {
        public static Column text(String name) {
            return new Column(name, Side.LEFT);
        }

        public static Column number(String name) {
            return new Column(name, Side.RIGHT);
        }
    }

    /** Where a cell's text stands. */
    public enum Side {
        LEFT,
        RIGHT
    }

    /** Where there is no terminal: cells of bounded width. */
    public String render(List<List<String>> lines) {
        return render(lines, OptionalInt.empty());
    }

    /** No line is wider than the {@code terminal}: the widest columns of text give way. */
    String render(List<List<String>> lines, OptionalInt terminal) {
        List<List<String>> cells = lines.stream()
                .map(line -> line.stream().map(Visible::line).toList())
                .toList();
        int[] widths = IntStream.range(0, columns.size())
                .map(c -> Math.max(
                        Width.of(columns.get(c).name()),
                        cells.stream()
                                .mapToInt(line -> Width.of(line.get(c)))
                                .max()
                                .orElse(0)))
                .map(width -> terminal.isPresent() ? width : Math.min(width, WIDEST))
                .toArray();
        terminal.ifPresent(width -> narrow(widths, width));
        StringBuilder table = new StringBuilder();
        append(table, columns.stream().map(Column::name).toList(), widths);
        append(table, IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
        cells.forEach(line -> append(table, line, widths));
        return table.toString();
    }

    private void narrow(int[] widths, int terminal) {
        int surplus = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - terminal;
        for (int i = 0; i < surplus; i++) {
            int widest = widest(widths);
            if (columns.get(widest).side() == Side.RIGHT || widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
        }
    }

    /** Of the columns of text, as half a number would be another. */
    private int widest(int[] widths) {
        return IntStream.range(0, widths.length)
                .boxed()
                .max(Comparator.comparing((Integer c) -> columns.get(c).side() == Side.LEFT)
                        .thenComparing(c -> widths[c]))
                .orElseThrow();
    }

    private void append(StringBuilder table, List<String> line, int[] widths) {
        String joined = IntStream.range(0, widths.length)
                .mapToObj(c -> pad(
                        cut(line.get(c), widths[c]), widths[c], columns.get(c).side()))
                .collect(Collectors.joining(GAP));
        table.append(joined.stripTrailing()).append(System.lineSeparator());
    }

    private static String pad(String cell, int width, Side side) {
        String blanks = " ".repeat(Math.max(0, width - Width.of(cell)));
        return side == Side.LEFT ? cell + blanks : blanks + cell;
    }

    /** At most {@code width} columns of a terminal. */
    static String cut(String line, int width) {
        return Width.of(line) <= width ? line : Width.fitting(line, width - 1) + "…";
    }
}
