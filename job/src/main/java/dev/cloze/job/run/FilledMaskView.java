package dev.cloze.job.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** A line for each candidate of each mask; a line with the reason for a row that was not scored. */
public final class FilledMaskView implements RowView {
    /** Four digits after the point would show little of smaller ones. */
    private static final double SMALL = 1e-3;

    @Override
    public Table table() {
        return new Table(List.of(
                Table.Column.text("id"),
                Table.Column.number("position"),
                Table.Column.number("score"),
                Table.Column.number("token"),
                Table.Column.text("token_str"),
                Table.Column.text("sequence")));
    }

    @Override
    public List<List<String>> lines(Row row) {
        String id = String.valueOf(row.get(row.fieldIndex("id")));
        String error = row.getString(row.fieldIndex("error"));
        if (error != null) {
            return List.of(List.of(id, "", "", "", row.getString(row.fieldIndex("status")), error));
        }
        List<List<String>> lines = new ArrayList<>();
        for (Row mask : row.<Row>getList(row.fieldIndex("masks"))) {
            for (Row candidate : mask.<Row>getList(mask.fieldIndex("candidates"))) {
                lines.add(List.of(
                        id,
                        String.valueOf(mask.getInt(mask.fieldIndex("position"))),
                        score(candidate.getDouble(candidate.fieldIndex("score"))),
                        candidate.isNullAt(candidate.fieldIndex("token"))
                                ? ""
                                : String.valueOf(candidate.getInt(candidate.fieldIndex("token"))),
                        candidate.getString(candidate.fieldIndex("token_str")),
                        candidate.getString(candidate.fieldIndex("sequence"))));
            }
        }
        return lines;
    }

    private static String score(double probability) {
        return String.format(Locale.ROOT, probability < SMALL ? "%.1e" : "%.4f", probability);
    }
}
