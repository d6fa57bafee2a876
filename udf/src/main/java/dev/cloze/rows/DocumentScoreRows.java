package dev.cloze.rows;

import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Surprisal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The figures of a document. The sums are 0 and the ratios null for a row without a result, so that it has no weight in any
 * sum. {@code surprisals array<struct<token string, start int, end int, nll double>>} only when asked for.
 */
public final class DocumentScoreRows implements ResultRows<DocumentScore> {
    private static final long serialVersionUID = 1L;

    private static final StructType SURPRISAL = new StructType()
            .add("token", DataTypes.StringType, false)
            .add("start", DataTypes.IntegerType, false)
            .add("end", DataTypes.IntegerType, false)
            .add("nll", DataTypes.DoubleType, false);

    private final boolean surprisals;

    private DocumentScoreRows(boolean surprisals) {
        this.surprisals = surprisals;
    }

    public static DocumentScoreRows ofDocuments() {
        return new DocumentScoreRows(false);
    }

    /** With the figure of every token. */
    public static DocumentScoreRows ofTokens() {
        return new DocumentScoreRows(true);
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(List.of(
                sum("tokens", DataTypes.IntegerType),
                sum("tokens_scored", DataTypes.IntegerType),
                sum("words", DataTypes.IntegerType),
                sum("bytes", DataTypes.LongType),
                sum("nll", DataTypes.DoubleType),
                ratio("cross_entropy"),
                ratio("perplexity"),
                ratio("word_perplexity"),
                ratio("bits_per_byte")));
        if (surprisals) {
            fields.add(new StructField(
                    "surprisals", DataTypes.createArrayType(SURPRISAL, false), false, Metadata.empty()));
        }
        return fields;
    }

    private static StructField sum(String name, DataType type) {
        return new StructField(name, type, false, Metadata.empty());
    }

    private static StructField ratio(String name) {
        return new StructField(name, DataTypes.DoubleType, true, Metadata.empty());
    }

    @Override
    public List<Object> values(DocumentScore score) {
        List<Object> values = new ArrayList<>(Arrays.asList(
                score.tokens(),
                score.tokensScored(),
                score.words(),
                score.bytes(),
                score.nll(),
                score.crossEntropy(),
                score.perplexity(),
                orNull(score.wordPerplexity()),
                orNull(score.bitsPerByte())));
        return withSurprisals(values, score.surprisals());
    }

    @Override
    public List<Object> none() {
        return withSurprisals(new ArrayList<>(Arrays.asList(0, 0, 0, 0L, 0.0, null, null, null, null)), List.of());
    }

    private static Double orNull(OptionalDouble ratio) {
        return ratio.isPresent() ? ratio.getAsDouble() : null;
    }

    private List<Object> withSurprisals(List<Object> values, List<Surprisal> scored) {
        if (surprisals) {
            values.add(scored.stream()
                    .map(s -> RowFactory.create(s.token(), s.start(), s.end(), s.nll()))
                    .toArray(Row[]::new));
        }
        return values;
    }
}
