package dev.cloze.job.summary;

import static org.apache.spark.sql.functions.lit;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.output.OutputPlace;
import dev.cloze.job.output.RunFigures;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.job.terminal.Table;
import dev.cloze.rows.CorpusStates;
import dev.cloze.stats.CorpusState;
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
 * The corpus and its groups. With an output, the mergeable states of the groups are kept in {@code _states}, those of merged runs
 * too, each under its run's name: later runs add them to theirs without scoring again, and count no run twice.
 *
 * @param method what the figures are: runs of another method do not add up with these
 * @param model digest of the model
 * @param isSample whether scored tokens stand for all: then there are no figures of words and bytes
 * @param groupBy columns of the scored rows
 * @param earlier outputs of earlier runs whose states are added
 */
public record CorpusSummary(String method, String model, boolean isSample, List<String> groupBy, List<String> earlier)
        implements Summary {
    private static final String RUN = "run";
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
    public void check(SparkSession spark, Optional<String> output) {
        List<String> named = new ArrayList<>();
        for (String place : earlier) {
            String qualified = OutputPlace.qualified(spark, place);
            if (named.contains(qualified)) {
                throw ClozeException.user("merge " + place, "it is named twice", "name it once");
            }
            if (output.map(out -> OutputPlace.qualified(spark, out)).equals(Optional.of(qualified))) {
                throw ClozeException.user("merge " + place, "it is the --output itself", "choose another --output");
            }
            named.add(qualified);
        }
        earlierRuns(spark);
    }

    /** Runs of all earlier outputs; the order in which these are named does not matter. */
    private Map<String, EarlierRuns.Found> earlierRuns(SparkSession spark) {
        Map<String, List<Row>> outputs = new LinkedHashMap<>();
        inOrder(spark).forEach(place -> outputs.put(Secrets.location(place), states(spark, place)));
        return new EarlierRuns(this::group, state -> state.getAs(RUN)).of(outputs);
    }

    private List<String> inOrder(SparkSession spark) {
        return earlier.stream()
                .sorted(Comparator.comparing(place -> OutputPlace.qualified(spark, place)))
                .toList();
    }

    @Override
    public void add(Dataset<Row> rows, String run, Optional<RunFigures> kept, RowPrinter printer) {
        Dataset<Row> own = CorpusStates.of(rows, groupBy)
                .withColumn(RUN, lit(run))
                .withColumn(METHOD, lit(method))
                .withColumn(MODEL, lit(model));
        List<Row> states = new ArrayList<>(own.collectAsList());
        Map<String, EarlierRuns.Found> runs = new TreeMap<>(earlierRuns(rows.sparkSession()));
        // What an output that is merged has of this run is older.
        runs.remove(run);
        runs.values().forEach(found -> states.addAll(found.states()));
        SameFigures.say(states, state -> state.getAs(RUN), runs, printer.terminal());
        Map<List<String>, CorpusState> groups = new TreeMap<>(BY_NAME);
        CorpusState corpus = CorpusState.empty();
        for (Row row : states) {
            CorpusState state = CorpusStates.state(row);
            groups.computeIfAbsent(group(row), name -> CorpusState.empty()).merge(state);
            corpus.merge(state);
        }
        CorpusFigures figures = new CorpusFigures(corpus, isSample);
        Map<List<String>, Map<String, Object>> each = new LinkedHashMap<>();
        groups.forEach((names, state) -> each.put(names, figures.of(state)));
        Map<String, Object> whole = figures.of(corpus);
        if (!groupBy.isEmpty()) {
            printer.printBelow(table(each, printer));
        }
        printer.printFigures("corpus", whole);
        kept.ifPresent(place -> {
            place.writeStates(states(own, states));
            place.writeSummary(summary(whole, each));
        });
    }

    /** All states by one schema: earlier runs may have been grouped by more columns, which are added up. */
    private Dataset<Row> states(Dataset<Row> own, List<Row> states) {
        Map<List<String>, CorpusState> joined = new LinkedHashMap<>();
        for (Row state : states) {
            List<String> key = new ArrayList<>(group(state));
            key.add(state.getAs(RUN));
            joined.computeIfAbsent(key, name -> CorpusState.empty()).merge(CorpusStates.state(state));
        }
        List<Row> rows = new ArrayList<>();
        joined.forEach((key, state) -> rows.add(CorpusStates.row(
                key.subList(0, groupBy.size()), state, List.of(key.get(groupBy.size()), method, model))));
        return own.sparkSession().createDataFrame(rows, own.schema());
    }

    private Map<String, Object> summary(Map<String, Object> corpus, Map<List<String>, Map<String, Object>> groups) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(METHOD, method);
        all.put(MODEL, model);
        all.put("merged", earlier.stream().sorted().map(Secrets::location).toList());
        all.put("corpus", corpus);
        if (!groupBy.isEmpty()) {
            List<Map<String, Object>> each = new ArrayList<>();
            groups.forEach((names, figures) -> {
                Map<String, Object> entry = new LinkedHashMap<>();
                Map<String, String> name = new LinkedHashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    name.put(groupBy.get(i), names.get(i));
                }
                entry.put(CorpusStates.GROUP, name);
                entry.putAll(figures);
                each.add(entry);
            });
            all.put("groups", each);
        }
        return all;
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

    private String table(Map<List<String>, Map<String, Object>> groups, RowPrinter printer) {
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
        groups.entrySet().stream().limit(printer.most()).forEach(group -> {
            List<String> line = new ArrayList<>();
            group.getKey().forEach(name -> line.add(name == null ? "(none)" : name));
            shown.forEach(figure -> line.add(RowPrinter.figure(group.getValue().get(figure))));
            lines.add(line);
        });
        String table = printer.terminal().render(new Table(columns.toList()), lines);
        int hidden = groups.size() - lines.size();
        return hidden == 0
                ? table
                : table + "and " + hidden + (hidden == 1 ? " more group" : " more groups")
                        + ": see _summary.json, or --show " + groups.size();
    }

    /** The states of an earlier output. */
    private List<Row> states(SparkSession spark, String output) {
        List<Row> states = RunFigures.states(spark, output);
        for (Row state : states) {
            requireSame(output, METHOD, state.getString(state.fieldIndex(METHOD)), method);
            requireSame(output, MODEL, state.getString(state.fieldIndex(MODEL)), model);
            if (!groupBy.isEmpty()) {
                List<String> columns = Arrays.asList(state.schema().fieldNames());
                List<String> there = columns.contains(CorpusStates.GROUP)
                        ? Arrays.asList(state.getStruct(columns.indexOf(CorpusStates.GROUP))
                                .schema()
                                .fieldNames())
                        : List.of();
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
