package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of CSV with names: those of the columns that are wanted, in the order in which they are wanted. */
final class CsvTable implements RecordSource {
    private final RecordSource rows;
    private final int[] places;
    private final int width;
    private TextRecord first;

    private CsvTable(RecordSource rows, int[] places, int width, TextRecord first) {
        this.rows = rows;
        this.places = places;
        this.width = width;
        this.first = first;
    }

    /** Fails when the file lacks one of the columns. */
    static RecordSource of(RecordSource rows, Csv csv, String[] wanted) throws IOException {
        TextRecord first = rows.next();
        if (first == null) {
            return rows;
        }
        requireReadable(first);
        List<String> names = csv.names(first.fields());
        int[] places = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            places[i] = place(names, wanted[i]);
        }
        return new CsvTable(rows, places, names.size(), csv.header() == Csv.Header.FIRST_ROW ? null : first);
    }

    /** The names of the columns of a file; none when it has no rows. */
    static List<String> names(RecordSource rows, Csv csv) throws IOException {
        TextRecord first = rows.next();
        if (first == null) {
            return List.of();
        }
        requireReadable(first);
        return csv.names(first.fields());
    }

    private static void requireReadable(TextRecord first) throws IOException {
        if (first.problem() != null) {
            throw new IOException("its first row cannot be read: " + first.problem());
        }
    }

    /** Exactly that name, or else the only one that differs in case. */
    private static int place(List<String> names, String wanted) throws IOException {
        List<Integer> same = places(names, wanted::equals);
        List<Integer> found = same.isEmpty() ? places(names, wanted::equalsIgnoreCase) : same;
        if (found.size() != 1) {
            throw new IOException(
                    found.isEmpty()
                            ? "it has no column " + wanted + ", its first row names " + String.join(", ", names)
                            : "its first row names the column " + wanted + " more than once");
        }
        return found.get(0);
    }

    private static List<Integer> places(List<String> names, java.util.function.Predicate<String> isWanted) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (isWanted.test(names.get(i))) {
                places.add(i);
            }
        }
        return places;
    }

    @Override
    public TextRecord next() throws IOException {
        TextRecord row = first == null ? rows.next() : first;
        first = null;
        if (row == null || row.problem() != null) {
            return row;
        }
        if (row.fields().length != width) {
            return ragged(row.fields(), row.origin());
        }
        String[] wanted = new String[places.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = row.fields()[places[i]];
        }
        return new TextRecord(wanted, null, row.origin());
    }

    private TextRecord ragged(String[] fields, Origin origin) {
        String beginning = fields[0] == null ? "an empty field" : TextRecord.beginning(fields[0]);
        return TextRecord.failed(
                "it has " + fields.length + " fields, the first row has " + width + ", it begins with " + beginning
                        + "; correct it, or check --format and --read-option sep=",
                origin);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
