package dev.cloze.job.run;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lines of cells under a header, each column as wide as its widest cell.
 *
 * @param columns names and sides of the columns
 */
public record Table(List<Column> columns) {
    private static final int WIDEST = 80;

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

    public String render(List<List<String>> lines) {
        List<List<String>> cells = lines.stream()
                .map(line -> line.stream().map(Table::cut).toList())
                .toList();
        int[] widths = IntStream.range(0, columns.size())
                .map(c -> Math.max(
                        columns.get(c).name().length(),
                        cells.stream()
                                .mapToInt(line -> width(line.get(c)))
                                .max()
                                .orElse(0)))
                .toArray();
        StringBuilder table = new StringBuilder();
        append(table, columns.stream().map(Column::name).toList(), widths);
        append(table, IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
        cells.forEach(line -> append(table, line, widths));
        return table.toString();
    }

    private void append(StringBuilder table, List<String> line, int[] widths) {
        String joined = IntStream.range(0, widths.length)
                .mapToObj(c -> pad(line.get(c), widths[c], columns.get(c).side()))
                .collect(Collectors.joining("  "));
        table.append(joined.stripTrailing()).append(System.lineSeparator());
    }

    private static String pad(String cell, int width, Side side) {
        String blanks = " ".repeat(Math.max(0, width - width(cell)));
        return side == Side.LEFT ? cell + blanks : blanks + cell;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** One line of bounded length: control characters would break the table. */
    private static String cut(String cell) {
        String line = cell.replaceAll("\\p{Cntrl}", " ");
        return width(line) <= WIDEST ? line : line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
    }
}
