package dev.cloze.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udaf;

import dev.cloze.corpus.CorpusState;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.types.DataTypes;
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
            .add("documents", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("tokens_scored", DataTypes.LongType, false)
            .add("words", DataTypes.LongType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("nll", DataTypes.DoubleType, false)
            .add("document_perplexities", DataTypes.DoubleType, false)
            .add("cross_entropy_sketch", DataTypes.BinaryType, false);

    private CorpusStates() {}

    /**
     * One row for each group of documents that were scored: {@link #GROUP}, then the state.
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
        Dataset<Row> states = scored.filter(col("tokens_scored").gt(0))
                .groupBy(group.as(GROUP))
                .agg(udaf(new Adding(), Encoders.row(FIGURES)).apply(figures).as("state"))
                .select(GROUP, "state.*");
        return names.length == 0 ? states.drop(GROUP) : states;
    }

    /** The state in a row that {@link #of} made. */
    public static CorpusState state(Row row) {
        CorpusState.Sums sums = new CorpusState.Sums(
                row.getLong(row.fieldIndex("documents")),
                row.getLong(row.fieldIndex("tokens")),
                row.getLong(row.fieldIndex("tokens_scored")),
                row.getLong(row.fieldIndex("words")),
                row.getLong(row.fieldIndex("bytes")),
                row.getDouble(row.fieldIndex("nll")),
                row.getDouble(row.fieldIndex("document_perplexities")));
        return CorpusState.of(sums, row.getAs("cross_entropy_sketch"));
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
            state.add(
                    document.getInt(0),
                    document.getInt(1),
                    document.getInt(2),
                    document.getLong(3),
                    document.getDouble(4));
            return state;
        }

        @Override
        public CorpusState merge(CorpusState left, CorpusState right) {
            left.merge(right);
            return left;
        }

        @Override
        public Row finish(CorpusState state) {
            CorpusState.Sums sums = state.sums();
            return RowFactory.create(
                    sums.documents(),
                    sums.tokens(),
                    sums.tokensScored(),
                    sums.words(),
                    sums.bytes(),
                    sums.nll(),
                    sums.perplexities(),
                    state.sketch());
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
