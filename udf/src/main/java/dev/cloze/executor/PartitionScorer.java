package dev.cloze.executor;

import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.ScoringTask;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the rows of a partition with the executor's one open model. It carries values only: the model's place and digest,
 * the task, and how rows look.
 *
 * <p>A {@link CorpusRow} comes in. It goes out as its carried columns, the task's results, {@code status} and {@code error}; a
 * task may make several rows of it, or none.
 */
public final class PartitionScorer<R> implements PartsScorer {
    private static final long serialVersionUID = 1L;

    private final Broadcast<ModelSpec> model;
    private final ScoringTask<R> task;
    private final ResultRows<R> results;
    private final int tokenBudget;

    public PartitionScorer(Broadcast<ModelSpec> model, ScoringTask<R> task, ResultRows<R> results, int tokenBudget) {
        this.model = model;
        this.task = task;
        this.results = results;
        this.tokenBudget = tokenBudget;
    }

    /** The schema of what goes out, for rows that come in with {@code schema}. */
    public static StructType schema(StructType schema, ResultRows<?> results) {
        StructType out = new StructType();
        for (int i = 0; i < CorpusRow.of(schema).carried(); i++) {
            out = out.add(schema.apply(i));
        }
        for (var field : results.fields()) {
            out = out.add(field);
        }
        return out.add("status", DataTypes.StringType, false).add("error", DataTypes.StringType, true);
    }

    @Override
    public Iterator<PartRow> score(Iterator<PartRow> rows, Meter meter) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        return RowConversion.scored(rows, TaskModel.scorer(model.value(), task, tokenBudget, meter), results);
    }
}
