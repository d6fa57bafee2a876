package dev.cloze.rows;

import dev.cloze.scoring.Features;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@code vector array<float>}, null for a row without a result; or {@code vectors array<struct<token string, start int, end
 * int, vector array<float>>>}, empty for such a row.
 */
public final class FeatureRows implements ResultRows<Features> {
    private static final long serialVersionUID = 1L;

    private static final DataType VECTOR = DataTypes.createArrayType(DataTypes.FloatType, false);
    private static final StructType TOKEN = new StructType()
            .add("token", DataTypes.StringType, false)
            .add("start", DataTypes.IntegerType, false)
            .add("end", DataTypes.IntegerType, false)
            .add("vector", VECTOR, false);

    private final boolean tokens;

    private FeatureRows(boolean tokens) {
        this.tokens = tokens;
    }

    /** One vector a text. */
    public static FeatureRows ofTexts() {
        return new FeatureRows(false);
    }

    /** One vector a token. */
    public static FeatureRows ofTokens() {
        return new FeatureRows(true);
    }

    @Override
    public List<StructField> fields() {
        return List.of(
                tokens
                        ? new StructField("vectors", DataTypes.createArrayType(TOKEN, false), false, Metadata.empty())
                        : new StructField("vector", VECTOR, true, Metadata.empty()));
    }

    @Override
    public List<Object> values(Features features) {
        Object value = tokens
                ? features.tokens().stream().map(FeatureRows::row).toArray(Row[]::new)
                : boxed(features.pooled());
        return List.of(value);
    }

    @Override
    public List<Object> none() {
        return Arrays.asList((Object) (tokens ? new Row[0] : null));
    }

    private static Row row(Features.TokenFeatures token) {
        return RowFactory.create(token.token(), token.start(), token.end(), boxed(token.vector()));
    }

    private static Float[] boxed(float[] vector) {
        return IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toArray(Float[]::new);
    }
}
