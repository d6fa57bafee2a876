package dev.cloze.job.summary;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.output.OutputPlace;
import dev.cloze.job.output.RunFigures;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.rows.CorpusStates;
import dev.cloze.stats.CorpusState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
        Map<String, List<RunState>> outputs = new LinkedHashMap<>();
        earlier.stream()
                .sorted(Comparator.comparing(place -> OutputPlace.qualified(spark, place)))
                .forEach(place -> outputs.put(
                        Secrets.location(place), stateRows().statesOf(place, RunFigures.states(spark, place))));
        return EarlierRuns.of(outputs);
    }

    private StateRows stateRows() {
        return new StateRows(method, model, groupBy);
    }

    @Override
    public void add(Dataset<Row> rows, String run, Optional<RunFigures> kept, RowPrinter printer) {
        Dataset<Row> own = stateRows().of(rows, run);
        List<RunState> states = new ArrayList<>(stateRows().states(own.collectAsList()));
        Map<String, EarlierRuns.Found> runs = new TreeMap<>(earlierRuns(rows.sparkSession()));
        // What an output that is merged has of this run is older.
        runs.remove(run);
        runs.values().forEach(found -> states.addAll(found.states()));
        SameFigures.say(states, runs, printer.terminal());
        CorpusReport report = report(states);
        print(report, printer);
        kept.ifPresent(place -> {
            // By the schema of this run: earlier ones may have been grouped by more columns.
            place.writeStates(own.sparkSession().createDataFrame(stateRows().rows(states), own.schema()));
            place.writeSummary(report);
        });
    }

    @Override
    public Optional<OfFewRows> withoutSpark() {
        return earlier.isEmpty() && groupBy.isEmpty() ? Optional.of(this::show) : Optional.empty();
    }

    private void show(List<Row> rows, RowPrinter printer) {
        print(report(List.of(new RunState("", List.of(), CorpusStates.sum(rows)))), printer);
    }

    /** What {@code states} of all runs add up to. */
    CorpusReport report(List<RunState> states) {
        CorpusGroups sums = CorpusGroups.of(states);
        List<GroupFigures> groups = new ArrayList<>();
        sums.groups()
                .forEach((names, state) -> groups.add(GroupFigures.of(groupBy, names, figures(state, sums.corpus()))));
        return new CorpusReport(
                method,
                model,
                earlier.stream().sorted().map(Secrets::location).toList(),
                figures(sums.corpus(), sums.corpus()),
                groupBy.isEmpty() ? null : groups);
    }

    private CorpusFigures figures(CorpusState state, CorpusState corpus) {
        CorpusFigures figures = CorpusFigures.of(state, corpus);
        return isSample ? figures.ofSample() : figures;
    }

    private void print(CorpusReport report, RowPrinter printer) {
        if (!groupBy.isEmpty()) {
            printer.printBelow(new GroupTable(groupBy, printer.most()).of(report.groups(), printer.terminal()));
        }
        printer.printFigures("corpus", report.corpus());
    }
}
