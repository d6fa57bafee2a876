package dev.cloze.job.terminal;

import static org.apache.spark.sql.functions.explode_outer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A line for each candidate of each mask; a line with the reason for a row that was not scored. */
public final class FilledMaskView implements RowView {
    /** Four digits after the point would show little of smaller ones. */
    private static final double SMALL = 1e-3;

    /** Columns of the way; the corpus may keep none whose names begin so. */
    private static final String MASK = "cloze_mask";

    private static final String CANDIDATE = "cloze_candidate";
    private static final List<String> MASK_FIELDS = List.of("position", "start", "end");
    private static final List<String> CANDIDATE_FIELDS = List.of("score", "token", "token_str", "sequence");

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
        String id = Readable.text(row.get(row.fieldIndex("id")));
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

    @Override
    public Dataset<Row> flat(Dataset<Row> rows) {
        Dataset<Row> masks = rows.withColumn(MASK, explode_outer(rows.col("masks")));
        Dataset<Row> candidates = masks.withColumn(CANDIDATE, explode_outer(masks.col(MASK + ".candidates")));
        List<Column> columns = new ArrayList<>();
        for (String name : rows.columns()) {
            if (name.equals("masks")) {
                MASK_FIELDS.forEach(field -> columns.add(candidates.col(MASK + "." + field)));
                CANDIDATE_FIELDS.forEach(field -> columns.add(candidates.col(CANDIDATE + "." + field)));
            } else {
                columns.add(Readable.column(candidates, name));
            }
        }
        return candidates.select(columns.toArray(Column[]::new));
    }

    private static String score(double probability) {
        return String.format(Locale.ROOT, probability < SMALL ? "%.1e" : "%.4f", probability);
    }
}
