package dev.cloze.executor;

import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.ResultRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
        Conversion conversion = new Conversion();
        Scorer<R> scorer = TaskModel.scorer(model.value(), task, tokenBudget, meter);
        return new ScoredRows<>(rows, row -> conversion.document(row.row()), scorer, conversion::rows);
    }

    /** Rows of one partition to documents, and outcomes to rows. */
    private final class Conversion {
        private CorpusRow reader;

        Document document(Row row) {
            reader = reader == null ? CorpusRow.of(row.schema()) : reader;
            return new Document(CorpusRow.name(row.get(0)), reader.text(row), reader.pair(row), reader.parameters(row));
        }

        /** The rows of a document. */
        List<PartRow> rows(PartRow of, Outcome<R> scored) {
            Row row = of.row();
            Outcome<R> outcome = reader.problem(row)
                    .map(problem -> Outcome.<R>none(Status.FAILED, problem))
                    .orElse(scored);
            return results.rows(outcome).stream()
                    .map(result -> new PartRow(of.part(), row(row, result)))
                    .toList();
        }

        private Row row(Row row, ResultRow result) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < reader.carried(); i++) {
                values.add(row.get(i));
            }
            values.addAll(result.values());
            values.add(result.status().label());
            values.add(result.error().orElse(null));
            return RowFactory.create(values.toArray());
        }
    }
}
