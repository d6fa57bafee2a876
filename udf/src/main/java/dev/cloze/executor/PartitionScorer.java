package dev.cloze.executor;

import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the rows of a partition with the executor's one open model. It carries values only: the model's place and digest,
 * the task, and how rows look.
 *
 * <p>A row comes in as its carried columns, of which the first is the id, then notes for the task, if any, the text, the second
 * sentence, and why the row could not be read; all but the id may be null. It goes out as its carried columns, the task's results,
 * {@code status} and {@code error}; a task may make several rows of it, or none.
 */
public final class PartitionScorer<R> implements MapPartitionsFunction<Row, Row> {
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
        for (int i = 0; i < RowLayout.of(schema).carried(); i++) {
            out = out.add(schema.apply(i));
        }
        for (var field : results.fields()) {
            out = out.add(field);
        }
        return out.add("status", DataTypes.StringType, false).add("error", DataTypes.StringType, true);
    }

    /** The name of a column whose values tasks read as the note {@code name} of a document. */
    public static String note(String name) {
        return RowLayout.NOTE + name;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Border border = new Border();
        Scorer<R> scorer = TaskModel.scorer(model.value(), task, tokenBudget);
        return new ScoredRows<>(rows, border::document, scorer, border::rows);
    }

    /** An id as text, the same in every JVM: the name of a document. */
    public static String name(Object id) {
        if (id instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return id instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(id);
    }

    /** Between the rows of one partition and the engine. */
    private final class Border {
        private RowLayout layout;

        Document document(Row row) {
            layout = layout == null ? RowLayout.of(row.schema()) : layout;
            int text = layout.text();
            return new Document(
                    name(row.get(0)),
                    row.isNullAt(text) ? "" : row.getString(text),
                    Optional.ofNullable(row.getString(text + 1)),
                    layout.notes(row));
        }

        /** The rows of a document. */
        List<Row> rows(Row row, Outcome<R> scored) {
            String problem = row.getString(row.size() - 1);
            Outcome<R> outcome = problem == null ? scored : Outcome.none(Status.FAILED, problem);
            return results.rows(outcome).stream()
                    .map(result -> row(row, result))
                    .toList();
        }

        private Row row(Row row, ResultRow result) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < layout.carried(); i++) {
                values.add(row.get(i));
            }
            values.addAll(result.values());
            values.add(result.status().label());
            values.add(result.error().orElse(null));
            return RowFactory.create(values.toArray());
        }
    }
}
