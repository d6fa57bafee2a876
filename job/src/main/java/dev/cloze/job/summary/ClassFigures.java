package dev.cloze.job.summary;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * How a class came out.
 *
 * @param name of the class
 * @param documents of the corpus
 * @param candidates that were made of them
 */
public record ClassFigures(String name, long documents, long candidates) {
    private static final List<String> NUMBERS = List.of("documents", "candidates", "together");

    /**
     * Of every class, by its name.
     *
     * @param documents of each class
     * @param rows all results
     * @param label of {@code rows}
     */
    public static List<ClassFigures> of(Map<String, Long> documents, Dataset<Row> rows, Column label) {
        Map<String, Long> made = new HashMap<>();
        rows.filter(col("variant").gt(0))
                .groupBy(label.cast(DataTypes.StringType))
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> made.put(String.valueOf(row.get(0)), row.getLong(1)));
        return documents.entrySet().stream()
                .map(each -> new ClassFigures(each.getKey(), each.getValue(), made.getOrDefault(each.getKey(), 0L)))
                .toList();
    }

    /** As an object of a summary. */
    public Map<String, Object> named() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("class", name);
        figures.put("documents", documents);
        figures.put("candidates", candidates);
        figures.put("together", documents + candidates);
        return figures;
    }

    /** As lines for a person. */
    public static String table(String column, List<ClassFigures> classes, Terminal terminal) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text(column)));
        NUMBERS.forEach(number -> columns.add(Table.Column.number(number)));
        return terminal.render(
                new Table(columns), classes.stream().map(ClassFigures::line).toList());
    }

    private List<String> line() {
        Map<String, Object> figures = named();
        List<String> line = new ArrayList<>(List.of(name));
        NUMBERS.forEach(number -> line.add(RowPrinter.figure(figures.get(number))));
        return line;
    }
}
