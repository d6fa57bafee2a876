package dev.cloze.job.summary;

import static org.apache.spark.sql.functions.lit;

import dev.cloze.failure.ClozeException;
import dev.cloze.rows.CorpusStates;
import dev.cloze.stats.CorpusState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * States as the rows of {@code _states}. All of an output have one method and one model, and stand under their run's name.
 *
 * @param method what the figures are
 * @param model digest of the model
 * @param groupBy columns that name the groups
 */
record StateRows(String method, String model, List<String> groupBy) {
    private static final String RUN = "run";
    private static final String METHOD = "method";
    private static final String MODEL = "model";

    /** The states of {@code scored} rows of {@code run}. */
    Dataset<Row> of(Dataset<Row> scored, String run) {
        return CorpusStates.of(scored, groupBy)
                .withColumn(RUN, lit(run))
                .withColumn(METHOD, lit(method))
                .withColumn(MODEL, lit(model));
    }

    /** What stands in {@code rows}. They may be of groups by more columns: then several are of one group. */
    List<RunState> states(List<Row> rows) {
        return rows.stream()
                .map(row -> new RunState(row.getAs(RUN), group(row), CorpusStates.state(row)))
                .toList();
    }

    private List<String> group(Row row) {
        List<String> group = new ArrayList<>();
        if (!groupBy.isEmpty()) {
            Row names = row.getAs(CorpusStates.GROUP);
            groupBy.forEach(column -> group.add(names.getAs(column)));
        }
        return group;
    }

    /** What an earlier {@code output} has in {@code rows}; fails when that does not add up with this run. */
    List<RunState> statesOf(String output, List<Row> rows) {
        rows.forEach(row -> requireMergeable(output, row));
        return states(rows);
    }

    private void requireMergeable(String output, Row row) {
        requireSame(output, METHOD, row.getAs(METHOD), method);
        requireSame(output, MODEL, row.getAs(MODEL), model);
        List<String> columns = groupColumns(row);
        if (!columns.containsAll(groupBy)) {
            throw ClozeException.user(
                    "merge " + output,
                    "it was grouped by " + columns + ", this run by " + groupBy,
                    "use --group-by with columns of both");
        }
    }

    private static List<String> groupColumns(Row row) {
        if (!List.of(row.schema().fieldNames()).contains(CorpusStates.GROUP)) {
            return List.of();
        }
        Row names = row.getAs(CorpusStates.GROUP);
        return List.of(names.schema().fieldNames());
    }

    private static void requireSame(String output, String what, String there, String here) {
        if (!there.equals(here)) {
            throw ClozeException.user(
                    "merge " + output,
                    "its " + what + " is " + there + ", this run's " + here,
                    "merge runs of one method and one model");
        }
    }

    /** {@code states} as rows, one for each run and group. */
    List<Row> rows(List<RunState> states) {
        Map<Owner, CorpusState> joined = new LinkedHashMap<>();
        states.forEach(each -> joined.computeIfAbsent(new Owner(each.run(), each.group()), owner -> CorpusState.empty())
                .merge(each.state()));
        return joined.entrySet().stream()
                .map(each -> CorpusStates.row(
                        each.getKey().group(),
                        each.getValue(),
                        List.of(each.getKey().run(), method, model)))
                .toList();
    }

    private record Owner(String run, List<String> group) {}
}
