package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.stats.CorpusState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class StateRowsTest {
    private static final StructType STATE = new StructType()
            .add("rows", DataTypes.LongType)
            .add("documents", DataTypes.LongType)
            .add("tokens", DataTypes.LongType)
            .add("tokens_scored", DataTypes.LongType)
            .add("words", DataTypes.LongType)
            .add("bytes", DataTypes.LongType)
            .add("nll", DataTypes.DoubleType)
            .add("document_perplexities", DataTypes.DoubleType)
            .add("lowest_cross_entropy", DataTypes.DoubleType)
            .add("highest_cross_entropy", DataTypes.DoubleType)
            .add("cross_entropies", DataTypes.BinaryType)
            .add("run", DataTypes.StringType)
            .add("method", DataTypes.StringType)
            .add("model", DataTypes.StringType);

    private static StateRows grouped(String... groupBy) {
        return new StateRows("pll", "digest", List.of(groupBy));
    }

    private static RunState state(String run, CorpusState state, String... group) {
        return new RunState(run, Arrays.asList(group), state);
    }

    /** {@code states} as Spark reads them from the file that {@code written} wrote. */
    private static List<Row> read(StateRows written, RunState... states) {
        StructType schema = schema(written.groupBy());
        return written.rows(List.of(states)).stream()
                .map(row -> named(row, schema))
                .toList();
    }

    private static StructType schema(List<String> groupBy) {
        List<StructField> fields = new ArrayList<>(List.of(STATE.fields()));
        if (!groupBy.isEmpty()) {
            StructField[] names = groupBy.stream()
                    .map(column -> DataTypes.createStructField(column, DataTypes.StringType, true))
                    .toArray(StructField[]::new);
            fields.add(0, DataTypes.createStructField("group", new StructType(names), true));
        }
        return DataTypes.createStructType(fields);
    }

    private static Row named(Row row, StructType schema) {
        Object[] values = IntStream.range(0, row.size())
                .mapToObj(i -> row.get(i) instanceof Row inner
                        ? named(inner, (StructType) schema.apply(i).dataType())
                        : row.get(i))
                .toArray();
        return new GenericRowWithSchema(values, schema);
    }

    @Test
    void statesSurviveTheirRows() {
        List<RunState> states = grouped("lang", "source")
                .statesOf(
                        "out",
                        read(
                                grouped("lang", "source"),
                                state("first", Documents.ofNlls(1, 2), "en", null),
                                state("second", Documents.unscored(), "de", "web")));

        assertThat(states).extracting(RunState::run).containsExactly("first", "second");
        assertThat(states).extracting(RunState::group).containsExactly(Arrays.asList("en", null), List.of("de", "web"));
        assertThat(states.get(0).state().sums())
                .isEqualTo(Documents.ofNlls(1, 2).sums());
        assertThat(states.get(0).state().crossEntropyAt(0.5)).isEqualTo(1);
        assertThat(states.get(1).state().isEmpty()).isTrue();
    }

    @Test
    void statesOfARunAndAGroupAreOneRow() {
        List<Row> rows = read(
                grouped("lang"),
                state("first", Documents.ofNlls(1), "en"),
                state("first", Documents.ofNlls(4), "de"),
                state("second", Documents.ofNlls(8), "en"),
                state("first", Documents.ofNlls(2), "en"));

        assertThat(grouped("lang").states(rows))
                .extracting(
                        each -> each.run() + each.group() + each.state().sums().nll())
                .containsExactly("first[en]3.0", "first[de]4.0", "second[en]8.0");
    }

    @Test
    void statesOfMoreColumnsAreOfTheGroupsOfFewer() {
        List<Row> rows = read(
                grouped("source", "lang"),
                state("first", Documents.ofNlls(1), "web", "en"),
                state("first", Documents.ofNlls(2), "books", "en"));

        assertThat(grouped("lang").statesOf("out", rows))
                .extracting(RunState::group)
                .containsExactly(List.of("en"), List.of("en"));
        assertThat(grouped().statesOf("out", rows)).extracting(RunState::group).containsExactly(List.of(), List.of());
    }

    @Test
    void figuresThatDoNotAddUpAreRefused() {
        List<Row> rows = read(grouped("lang"), state("first", Documents.ofNlls(1), "en"));

        assertRefused(
                new StateRows("mlm", "digest", List.of()),
                rows,
                "its method is pll, this run's mlm; merge runs of one method and one model");
        assertRefused(
                new StateRows("pll", "other", List.of()),
                rows,
                "its model is digest, this run's other; merge runs of one method and one model");
        assertRefused(
                grouped("lang", "source"),
                rows,
                "it was grouped by [lang], this run by [lang, source]; use --group-by with columns of both");
        assertRefused(
                grouped("lang"),
                read(grouped(), state("first", Documents.ofNlls(1))),
                "it was grouped by [], this run by [lang]; use --group-by with columns of both");
    }

    private static void assertRefused(StateRows here, List<Row> rows, String reason) {
        assertThatThrownBy(() -> here.statesOf("out", rows))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot merge out: " + reason);
    }
}
