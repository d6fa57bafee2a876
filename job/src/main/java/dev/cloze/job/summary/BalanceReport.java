package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cloze.job.terminal.Figures;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code _summary.json} of classes that were to come out even.
 *
 * @param column of the class
 * @param target documents and candidates that each class was to have
 */
public record BalanceReport(@JsonProperty("balance_by") String column, long target, List<ClassFigures> classes) {
    private static final List<String> NUMBERS = List.of("documents", "candidates", "together");

    /** The classes as lines for a person. */
    public String table(Terminal terminal) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text(column)));
        NUMBERS.forEach(number -> columns.add(Table.Column.number(number)));
        return terminal.render(
                new Table(columns), classes.stream().map(BalanceReport::line).toList());
    }

    private static List<String> line(ClassFigures figures) {
        List<String> line = new ArrayList<>(List.of(figures.name()));
        Figures numbers = Figures.of(figures);
        NUMBERS.forEach(number -> line.add(numbers.text(number)));
        return line;
    }
}
