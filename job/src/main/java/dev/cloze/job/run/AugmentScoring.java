package dev.cloze.job.run;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import dev.cloze.augment.Augment;
import dev.cloze.executor.PartsScorer;
import dev.cloze.executor.ProcessScorer;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.plan.RowCost;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.RewriteRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A row in, a row out for each candidate.
 *
 * @param task what is made of every document
 * @param balance tells how many candidates each document gets; all get the same when absent
 * @param protectColumn column of spans that stay as they are
 * @param batchTokens tokens of a batch, padding included
 */
public record AugmentScoring(Augment task, Optional<Balance> balance, Optional<String> protectColumn, int batchTokens)
        implements Scoring {
    private RowScoring<?> rows() {
        return new RowScoring<>(task, new RewriteRows(), batchTokens);
    }

    @Override
    public Head head() {
        return task.head();
    }

    @Override
    public Set<String> columns() {
        return rows().columns();
    }

    @Override
    public Dataset<Row> arrange(Dataset<Row> documents) {
        Map<String, Column> parameters = new LinkedHashMap<>();
        balance.ifPresent(classes -> parameters.put(Augment.VARIANTS, classes.variants(documents)));
        protectColumn.ifPresent(name -> parameters.put(Augment.PROTECTED, spans(documents, name)));
        return CorpusRow.withParameters(documents, parameters);
    }

    /** Starts and ends, in turn. */
    private static Column spans(Dataset<Row> documents, String name) {
        Column column = documents.col("`" + Corpus.outputName(name).replace("`", "``") + "`");
        DataType type = documents.select(column).schema().apply(0).dataType();
        if (type instanceof ArrayType spans
                && spans.elementType() instanceof StructType fields
                && List.of(fields.fieldNames()).containsAll(List.of("start", "end"))) {
            return flatten(
                    transform(column, span -> array(integer(span.getField("start")), integer(span.getField("end")))));
        }
        if (type instanceof ArrayType spans && spans.elementType() instanceof ArrayType) {
            return flatten(transform(column, span -> array(integer(get(span, lit(0))), integer(get(span, lit(1))))));
        }
        throw ClozeException.user(
                "read protected spans from column " + name,
                "its type is " + type.simpleString(),
                "name a column of array<struct<start,end>> or of arrays of two numbers, in UTF-16 units of the text");
    }

    /** Null where there is none: that fails the row, and no other. */
    private static Column integer(Column number) {
        return number.try_cast(DataTypes.IntegerType);
    }

    @Override
    public PartsScorer scorer(Broadcast<ModelSpec> model, StructType arranged) {
        return rows().scorer(model, arranged);
    }

    /** Texts have no columns, so neither classes nor spans. */
    @Override
    public Optional<ProcessScorer<?>> withoutSpark(ModelSpec model) {
        return balance.isPresent() || protectColumn.isPresent()
                ? Optional.empty()
                : rows().withoutSpark(model);
    }

    @Override
    public StructType schema(StructType arranged) {
        return rows().schema(arranged);
    }

    @Override
    public boolean isOneForOne() {
        return false;
    }

    /** Not the originals that stand beside them. */
    @Override
    public Results.Condition isAnswer() {
        Results.Condition isOk = Scoring.super.isAnswer();
        return row -> isOk.call(row) && row.<Integer>getAs("variant") > 0;
    }

    /** Classes that are even already need no candidates. */
    @Override
    public boolean mayBeSilent() {
        return balance.isPresent();
    }

    @Override
    public RowCost cost(StructType arranged) {
        if (balance.isEmpty()) {
            return rows().cost(arranged);
        }
        CorpusRow reader = CorpusRow.of(arranged);
        int text = reader.textIndex();
        int variants = reader.parameterIndex(Augment.VARIANTS);
        Augment asked = task;
        return row -> asked.cost(row.isNullAt(text) ? 0 : row.getString(text).length(), row.getInt(variants));
    }
}
