package dev.cloze.job.run;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.terminal.Readable;
import dev.cloze.job.terminal.RowView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How rows are laid out for one of Spark's writers. csv is that of RFC 4180, with a line for each candidate or row; json has a line
 * for each row, as {@code --json} prints it; any other format takes the rows as they are.
 *
 * @param format Spark's name of it
 */
record FlatFormat(String format) {
    private static final Map<String, String> CSV = Map.of(
            "header", "true",
            "quote", "\"",
            "escape", "\"",
            "ignoreLeadingWhiteSpace", "false",
            "ignoreTrailingWhiteSpace", "false");

    FlatFormat {
        format = format.toLowerCase(Locale.ROOT);
    }

    /** Options of the writer. */
    Map<String, String> options() {
        if (!format.equals("csv") && !format.equals("json")) {
            return Map.of();
        }
        Map<String, String> options = new HashMap<>(Readable.OPTIONS);
        if (format.equals("csv")) {
            options.putAll(CSV);
        }
        return options;
    }

    /** Fails when two columns would have one name. */
    Dataset<Row> rows(Dataset<Row> rows, RowView view) {
        return switch (format) {
            case "csv" -> Readable.flat(requireNames(withRowColumns(requireNames(view.flat(rows)))));
            case "json" -> Readable.withoutBytes(rows);
            default -> rows;
        };
    }

    /** The place of a row in its corpus is two columns. */
    private static Dataset<Row> withRowColumns(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        for (var field : rows.schema().fields()) {
            Column column = Readable.column(rows, field.name());
            if (field.dataType().equals(CorpusReader.ROW_TYPE)) {
                for (String part : CorpusReader.ROW_TYPE.fieldNames()) {
                    columns.add(column.getField(part).as(field.name() + "_" + part));
                }
            } else {
                columns.add(column);
            }
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private static Dataset<Row> requireNames(Dataset<Row> rows) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : rows.columns()) {
            if (!names.add(name)) {
                throw ClozeException.user(
                        "write csv",
                        "two of its columns would be named " + name,
                        "leave that one out of --keep, or choose --output-format jsonl");
            }
        }
        return rows;
    }
}
