package dev.cloze.job.run;

import dev.cloze.model.ModelSpec;
import dev.cloze.model.Purpose;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.spark.PartitionScorer;
import dev.cloze.spark.ResultRows;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Each row for itself: a row in, a row out.
 *
 * @param task what is asked of every document
 * @param results how answers become columns
 * @param batchTokens tokens of a batch, padding included
 */
public record RowScoring<R>(ScoringTask<R> task, ResultRows<R> results, int batchTokens) implements Scoring {
    @Override
    public Purpose purpose() {
        return task.purpose();
    }

    @Override
    public Set<String> columns() {
        Set<String> columns = new HashSet<>(Set.of("status", "error"));
        results.fields().forEach(field -> columns.add(field.name()));
        return columns;
    }

    @Override
    public Dataset<Row> score(Dataset<Row> documents, Broadcast<ModelSpec> model) {
        PartitionScorer<R> scorer = new PartitionScorer<>(model, task, results, batchTokens);
        return documents.mapPartitions(scorer, Encoders.row(scorer.schema(documents.schema())));
    }
}
