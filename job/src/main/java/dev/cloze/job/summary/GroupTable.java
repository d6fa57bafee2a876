package dev.cloze.job.summary;

import dev.cloze.job.terminal.Figures;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Groups and the main ones of their figures, a line each.
 *
 * @param groupBy columns that name the groups
 * @param most lines
 */
record GroupTable(List<String> groupBy, int most) {
    private static final List<String> SHOWN = List.of(
            "documents",
            "tokens_scored",
            "cross_entropy",
            "perplexity",
            "document_perplexity_p50",
            "head",
            "middle",
            "tail");

    String of(List<GroupFigures> groups, Terminal terminal) {
        Stream<Table.Column> columns = Stream.concat(
                groupBy.stream().map(Table.Column::text), SHOWN.stream().map(Table.Column::number));
        List<List<String>> lines = groups.stream().limit(most).map(this::line).toList();
        String table = terminal.render(new Table(columns.toList()), lines);
        int hidden = groups.size() - lines.size();
        return hidden == 0
                ? table
                : table + "and " + hidden + (hidden == 1 ? " more group" : " more groups")
                        + ": see _summary.json, or --show " + groups.size();
    }

    private List<String> line(GroupFigures group) {
        List<String> line = new ArrayList<>();
        groupBy.forEach(column -> line.add(
                group.names().get(column) == null ? "(none)" : group.names().get(column)));
        Figures figures = Figures.of(group.figures());
        SHOWN.forEach(name -> line.add(figures.text(name)));
        return line;
    }
}
