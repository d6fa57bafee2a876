package dev.cloze.rows;

import dev.cloze.augment.Edit;
import dev.cloze.augment.Rewrite;
import dev.cloze.augment.Rewrites;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A row for each candidate: {@code variant int, text string, edits array<struct<start int, end int, original string, replacement
 * string, probability double, rank int>>, pll_change double}. When there are fewer candidates than were asked for, one more row
 * says why; its variant and text are null.
 */
public final class RewriteRows implements ResultRows<Rewrites> {
    private static final long serialVersionUID = 1L;

    private static final StructType EDIT = new StructType()
            .add("start", DataTypes.IntegerType, false)
            .add("end", DataTypes.IntegerType, false)
            .add("original", DataTypes.StringType, false)
            .add("replacement", DataTypes.StringType, false)
            .add("probability", DataTypes.DoubleType, false)
            .add("rank", DataTypes.IntegerType, false);

    @Override
    public List<StructField> fields() {
        return List.of(
                new StructField("variant", DataTypes.IntegerType, true, Metadata.empty()),
                new StructField("text", DataTypes.StringType, true, Metadata.empty()),
                new StructField("edits", DataTypes.createArrayType(EDIT, false), false, Metadata.empty()),
                new StructField("pll_change", DataTypes.DoubleType, true, Metadata.empty()));
    }

    @Override
    public List<ResultRow> rows(Outcome<Rewrites> outcome) {
        if (outcome.value().isEmpty()) {
            return List.of(ResultRow.of(outcome, this));
        }
        Rewrites rewrites = outcome.value().get();
        List<ResultRow> rows = new ArrayList<>();
        rewrites.all().forEach(rewrite -> rows.add(new ResultRow(values(rewrite), Status.OK, Optional.empty())));
        rewrites.shortfall()
                .ifPresent(missing -> rows.add(new ResultRow(none(), missing.status(), Optional.of(missing.reason()))));
        return rows;
    }

    @Override
    public List<Object> values(Rewrites rewrites) {
        throw new UnsupportedOperationException("A document has a row for each candidate");
    }

    private static List<Object> values(Rewrite rewrite) {
        Row[] edits = rewrite.edits().stream().map(RewriteRows::row).toArray(Row[]::new);
        Double change = rewrite.pllChange().isPresent() ? rewrite.pllChange().getAsDouble() : null;
        return Arrays.asList(rewrite.variant(), rewrite.text(), edits, change);
    }

    private static Row row(Edit edit) {
        return RowFactory.create(
                edit.start(), edit.end(), edit.original(), edit.replacement(), edit.probability(), edit.rank());
    }

    @Override
    public List<Object> none() {
        return Arrays.asList(null, null, new Row[0], null);
    }
}
