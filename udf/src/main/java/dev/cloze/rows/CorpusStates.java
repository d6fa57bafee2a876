package dev.cloze.rows;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udaf;

import dev.cloze.stats.CorpusState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** {@link CorpusState}s as rows: of groups of scored documents, to be kept and to be read again. */
public final class CorpusStates {
    /** The column of the groups' names: a struct of strings. Absent when there are no groups. */
    public static final String GROUP = "group";

    private static final StructType FIGURES = new StructType()
            .add("tokens", DataTypes.IntegerType, false)
            .add("tokens_scored", DataTypes.IntegerType, false)
            .add("words", DataTypes.IntegerType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("nll", DataTypes.DoubleType, false);
    private static final StructType STATE = new StructType()
            .add("rows", DataTypes.LongType, false)
            .add("documents", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("tokens_scored", DataTypes.LongType, false)
            .add("words", DataTypes.LongType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("nll", DataTypes.DoubleType, false)
            .add("document_perplexities", DataTypes.DoubleType, false)
            .add("lowest_cross_entropy", DataTypes.DoubleType, false)
            .add("highest_cross_entropy", DataTypes.DoubleType, false)
            .add("cross_entropies", DataTypes.BinaryType, false);

    private CorpusStates() {}

    /**
     * One row for each group of rows, scored or not: {@link #GROUP}, then the state.
     *
     * @param scored rows as {@link DocumentScoreRows} makes them
     * @param groupBy columns of {@code scored}; without any, all documents are one group
     */
    public static Dataset<Row> of(Dataset<Row> scored, List<String> groupBy) {
        Column[] names = groupBy.stream()
                .map(name -> col("`" + name.replace("`", "``") + "`")
                        .cast(DataTypes.StringType)
                        .as(name))
                .toArray(Column[]::new);
        Column group = names.length == 0 ? lit(null).cast(DataTypes.StringType) : struct(names);
        Column[] figures = List.of(FIGURES.fieldNames()).stream()
                .map(org.apache.spark.sql.functions::col)
                .toArray(Column[]::new);
        Dataset<Row> states = scored.groupBy(group.as(GROUP))
                .agg(udaf(new Adding(), Encoders.row(FIGURES)).apply(figures).as("state"))
                .select(GROUP, "state.*");
        return names.length == 0 ? states.drop(GROUP) : states;
    }

    /** What scored rows add up to, in their order; as {@link #of} does without groups. */
    public static CorpusState sum(List<Row> scored) {
        CorpusState state = CorpusState.empty();
        scored.forEach(row -> add(
                state,
                RowFactory.create(
                        Arrays.stream(FIGURES.fieldNames()).map(row::getAs).toArray())));
        return state;
    }

    /** Adds the {@link #FIGURES} of a document. */
    private static void add(CorpusState state, Row figures) {
        if (figures.getInt(1) == 0) {
            state.addUnscored();
        } else {
            state.add(
                    figures.getInt(0), figures.getInt(1), figures.getInt(2), figures.getLong(3), figures.getDouble(4));
        }
    }

    /**
     * A row as {@link #of} makes it, with more values behind.
     *
     * @param group empty when there are no groups
     */
    public static Row row(List<String> group, CorpusState state, List<Object> more) {
        List<Object> values = new ArrayList<>();
        if (!group.isEmpty()) {
            values.add(RowFactory.create(group.toArray()));
        }
        values.addAll(values(state));
        values.addAll(more);
        return RowFactory.create(values.toArray());
    }

    private static List<Object> values(CorpusState state) {
        CorpusState.Sums sums = state.sums();
        return List.of(
                sums.rows(),
                sums.documents(),
                sums.tokens(),
                sums.tokensScored(),
                sums.words(),
                sums.bytes(),
                sums.nll(),
                sums.perplexities(),
                sums.lowest(),
                sums.highest(),
                state.quantiles());
    }

    /** The first column of a state that {@code schema} does not have, or has with another type. */
    public static Optional<String> missing(StructType schema) {
        List<String> names = List.of(schema.fieldNames());
        return Arrays.stream(STATE.fields())
                .filter(field -> !names.contains(field.name())
                        || !schema.apply(field.name()).dataType().equals(field.dataType()))
                .map(StructField::name)
                .findFirst()
                .or(() -> Optional.of(GROUP).filter(name -> names.contains(name) && !isOfStrings(schema.apply(name))));
    }

    private static boolean isOfStrings(StructField group) {
        return group.dataType() instanceof StructType names
                && Arrays.stream(names.fields()).allMatch(name -> name.dataType() instanceof StringType);
    }

    /**
     * The state in a row that {@link #of} made.
     *
     * @throws IllegalArgumentException with the reason, when it is damaged
     */
    public static CorpusState state(Row row) {
        for (String name : row.schema().fieldNames()) {
            if (row.isNullAt(row.fieldIndex(name))) {
                throw new IllegalArgumentException("its " + name + " is null");
            }
        }
        CorpusState.Sums sums = new CorpusState.Sums(
                row.getLong(row.fieldIndex("rows")),
                row.getLong(row.fieldIndex("documents")),
                row.getLong(row.fieldIndex("tokens")),
                row.getLong(row.fieldIndex("tokens_scored")),
                row.getLong(row.fieldIndex("words")),
                row.getLong(row.fieldIndex("bytes")),
                row.getDouble(row.fieldIndex("nll")),
                row.getDouble(row.fieldIndex("document_perplexities")),
                row.getDouble(row.fieldIndex("lowest_cross_entropy")),
                row.getDouble(row.fieldIndex("highest_cross_entropy")));
        return CorpusState.of(sums, row.getAs("cross_entropies"));
    }

    /** Adds documents up. */
    private static final class Adding extends Aggregator<Row, CorpusState, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public CorpusState zero() {
            return CorpusState.empty();
        }

        @Override
        public CorpusState reduce(CorpusState state, Row document) {
            add(state, document);
            return state;
        }

        @Override
        public CorpusState merge(CorpusState left, CorpusState right) {
            left.merge(right);
            return left;
        }

        @Override
        public Row finish(CorpusState state) {
            return RowFactory.create(values(state).toArray());
        }

        @Override
        public Encoder<CorpusState> bufferEncoder() {
            return Encoders.javaSerialization(CorpusState.class);
        }

        @Override
        public Encoder<Row> outputEncoder() {
            return Encoders.row(STATE);
        }
    }
}
