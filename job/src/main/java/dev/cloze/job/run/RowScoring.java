package dev.cloze.job.run;

import dev.cloze.executor.PartitionScorer;
import dev.cloze.executor.PartsScorer;
import dev.cloze.executor.ProcessScorer;
import dev.cloze.job.plan.RowCost;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.ScoringTask;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;

/**
 * Each row for itself: a row in, a row out.
 *
 * @param task what is asked of every document
 * @param results how answers become columns
 * @param batchTokens tokens of a batch, padding included
 */
public record RowScoring<R>(ScoringTask<R> task, ResultRows<R> results, int batchTokens) implements Scoring {
    @Override
    public Head head() {
        return task.head();
    }

    @Override
    public Set<String> columns() {
        Set<String> columns = new HashSet<>(Set.of("status", "error"));
        results.fields().forEach(field -> columns.add(field.name()));
        return columns;
    }

    @Override
    public PartsScorer scorer(Broadcast<ModelSpec> model, StructType arranged) {
        return new PartitionScorer<>(model, task, results, batchTokens);
    }

    @Override
    public Optional<ProcessScorer<?>> withoutSpark(ModelSpec model) {
        return Optional.of(new ProcessScorer<>(model, task, results, batchTokens));
    }

    @Override
    public StructType schema(StructType arranged) {
        return PartitionScorer.schema(arranged, results);
    }

    @Override
    public RowCost cost(StructType arranged) {
        int text = CorpusRow.of(arranged).textIndex();
        ScoringTask<R> asked = task;
        return row -> asked.cost(row.isNullAt(text) ? 0 : row.getString(text).length());
    }
}
