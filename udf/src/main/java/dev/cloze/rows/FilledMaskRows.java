package dev.cloze.rows;

import dev.cloze.scoring.Candidate;
import dev.cloze.scoring.FilledMask;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@code masks array<struct<position int, start int, end int, candidates array<struct<score double, token int, token_str
 * string, sequence string>>>>}, the same for one mask and for many; empty for a row without a result.
 */
public final class FilledMaskRows implements ResultRows<List<FilledMask>> {
    private static final long serialVersionUID = 1L;

    private static final StructType CANDIDATE = new StructType()
            .add("score", DataTypes.DoubleType, false)
            .add("token", DataTypes.IntegerType, true)
            .add("token_str", DataTypes.StringType, false)
            .add("sequence", DataTypes.StringType, false);
    private static final StructType MASK = new StructType()
            .add("position", DataTypes.IntegerType, false)
            .add("start", DataTypes.IntegerType, false)
            .add("end", DataTypes.IntegerType, false)
            .add("candidates", DataTypes.createArrayType(CANDIDATE, false), false);

    @Override
    public List<StructField> fields() {
        return List.of(new StructField("masks", DataTypes.createArrayType(MASK, false), false, Metadata.empty()));
    }

    @Override
    public List<Object> values(List<FilledMask> masks) {
        return List.of((Object) masks.stream().map(FilledMaskRows::row).toArray(Row[]::new));
    }

    @Override
    public List<Object> none() {
        return List.of((Object) new Row[0]);
    }

    private static Row row(FilledMask mask) {
        Row[] candidates = mask.candidates().stream().map(FilledMaskRows::row).toArray(Row[]::new);
        return RowFactory.create(mask.position(), mask.start(), mask.end(), candidates);
    }

    private static Row row(Candidate candidate) {
        Integer token = candidate.token().isPresent() ? (int) candidate.token().getAsLong() : null;
        return RowFactory.create(candidate.score(), token, candidate.tokenText(), candidate.sequence());
    }
}
