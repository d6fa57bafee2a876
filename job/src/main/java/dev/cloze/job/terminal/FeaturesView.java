package dev.cloze.job.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * A line for each vector, with its first numbers.
 *
 * @param tokens whether each token has one
 */
public record FeaturesView(boolean tokens) implements RowView {
    private static final int SHOWN = 4;

    @Override
    public Table table() {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("id")));
        if (tokens) {
            columns.add(Table.Column.text("token"));
        }
        columns.addAll(List.of(Table.Column.number("size"), Table.Column.text("vector"), Table.Column.text("status")));
        return new Table(columns);
    }

    @Override
    public List<List<String>> lines(Row row) {
        String id = Readable.text(row.get(row.fieldIndex("id")));
        String status = row.getString(row.fieldIndex("status"));
        if (!row.isNullAt(row.fieldIndex("error"))) {
            String reason = status + ": " + row.getString(row.fieldIndex("error"));
            return List.of(tokens ? List.of(id, "", "", "", reason) : List.of(id, "", "", reason));
        }
        if (!tokens) {
            List<Float> vector = row.getList(row.fieldIndex("vector"));
            return List.of(List.of(id, String.valueOf(vector.size()), beginning(vector), status));
        }
        List<List<String>> lines = new ArrayList<>();
        for (Row token : row.<Row>getList(row.fieldIndex("vectors"))) {
            List<Float> vector = token.getList(token.fieldIndex("vector"));
            String name = token.getString(token.fieldIndex("token"));
            lines.add(List.of(id, name, String.valueOf(vector.size()), beginning(vector), status));
        }
        return lines;
    }

    private static String beginning(List<Float> vector) {
        String first = vector.stream()
                .limit(SHOWN)
                .map(value -> String.format(Locale.ROOT, "%.4f", value))
                .collect(Collectors.joining(" "));
        return vector.size() > SHOWN ? first + " …" : first;
    }
}
