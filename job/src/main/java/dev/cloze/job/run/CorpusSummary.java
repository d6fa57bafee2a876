package dev.cloze.job.run;

import static org.apache.spark.sql.functions.lit;

import dev.cloze.corpus.CorpusState;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.corpus.ParquetOutput;
import dev.cloze.spark.CorpusStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The corpus and its groups. With an output, the mergeable states of the groups are kept in {@code _states}, so that later runs
 * add them to theirs without scoring again.
 *
 * @param method what the figures are: runs of another method do not add up with these
 * @param model digest of the model
 * @param groupBy columns of the scored rows
 * @param earlier outputs of earlier runs whose states are added
 */
public record CorpusSummary(String method, String model, List<String> groupBy, List<String> earlier)
        implements Summary {
    private static final String METHOD = "method";
    private static final String MODEL = "model";

    /** Groups by their names, missing ones first. */
    private static final Comparator<List<String>> BY_NAME = (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
            int order = Comparator.nullsFirst(Comparator.<String>naturalOrder()).compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    @Override
    public void check(SparkSession spark) {
        earlier.forEach(output -> states(spark, output));
    }

    @Override
    public void add(Dataset<Row> rows, Optional<ParquetOutput> parquet, RowPrinter printer) {
        Dataset<Row> computed =
                CorpusStates.of(rows, groupBy).withColumn(METHOD, lit(method)).withColumn(MODEL, lit(model));
        parquet.ifPresent(output -> output.writeStates(computed));
        List<Row> states = new ArrayList<>(parquet.map(ParquetOutput::states).orElseGet(computed::collectAsList));
        earlier.forEach(output -> states.addAll(states(rows.sparkSession(), output)));
        Map<List<String>, CorpusState> groups = new TreeMap<>(BY_NAME);
        CorpusState corpus = CorpusState.empty();
        for (Row row : states) {
            CorpusState state = CorpusStates.state(row);
            groups.computeIfAbsent(group(row), name -> CorpusState.empty()).merge(state);
            corpus.merge(state);
        }
        CorpusFigures figures = new CorpusFigures(corpus);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(METHOD, method);
        all.put(MODEL, model);
        all.put("merged", earlier);
        all.put("corpus", figures.of(corpus));
        all.put("quantile_rank_error", corpus.rankError());
        List<Map<String, Object>> each = new ArrayList<>();
        groups.forEach((names, state) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            Map<String, String> name = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                name.put(groupBy.get(i), names.get(i));
            }
            entry.put(CorpusStates.GROUP, name);
            entry.putAll(figures.of(state));
            each.add(entry);
        });
        if (!groupBy.isEmpty()) {
            all.put("groups", each);
            printer.printBelow(table(groups, figures));
        }
        printer.printFigures("corpus", figures.of(corpus));
        parquet.ifPresent(output -> output.write(all));
    }

    /** The group's names in the order of {@link #groupBy}, also of states that were grouped by more columns. */
    private List<String> group(Row state) {
        if (groupBy.isEmpty()) {
            return List.of();
        }
        Row names = state.getStruct(state.fieldIndex(CorpusStates.GROUP));
        List<String> group = new ArrayList<>();
        groupBy.forEach(column -> group.add(names.getString(names.fieldIndex(column))));
        return group;
    }

    private String table(Map<List<String>, CorpusState> groups, CorpusFigures figures) {
        List<String> shown = List.of(
                "documents",
                "tokens_scored",
                "cross_entropy",
                "perplexity",
                "document_perplexity_p50",
                "head",
                "middle",
                "tail");
        Stream<Table.Column> columns = Stream.concat(
                groupBy.stream().map(Table.Column::text), shown.stream().map(Table.Column::number));
        List<List<String>> lines = new ArrayList<>();
        groups.forEach((names, state) -> {
            Map<String, Object> all = figures.of(state);
            List<String> line = new ArrayList<>();
            names.forEach(name -> line.add(String.valueOf(name)));
            shown.forEach(figure -> line.add(RowPrinter.figure(all.get(figure))));
            lines.add(line);
        });
        return new Table(columns.toList()).render(lines);
    }

    /** The states of an earlier output. */
    private List<Row> states(SparkSession spark, String output) {
        List<Row> states = ParquetOutput.statesOf(spark, output);
        for (Row state : states) {
            requireSame(output, METHOD, state.getString(state.fieldIndex(METHOD)), method);
            requireSame(output, MODEL, state.getString(state.fieldIndex(MODEL)), model);
            if (!groupBy.isEmpty()) {
                List<String> there = Arrays.asList(
                        state.fieldIndex(CorpusStates.GROUP) < 0
                                ? new String[0]
                                : state.getStruct(state.fieldIndex(CorpusStates.GROUP))
                                        .schema()
                                        .fieldNames());
                if (!there.containsAll(groupBy)) {
                    throw ClozeException.user(
                            "merge " + output,
                            "it was grouped by " + there + ", this run by " + groupBy,
                            "use --group-by with columns of both");
                }
            }
        }
        return states;
    }

    private static void requireSame(String output, String what, String there, String here) {
        if (!there.equals(here)) {
            throw ClozeException.user(
                    "merge " + output,
                    "its " + what + " is " + there + ", this run's " + here,
                    "merge runs of one method and one model");
        }
    }
}
