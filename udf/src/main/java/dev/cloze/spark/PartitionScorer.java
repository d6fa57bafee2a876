package dev.cloze.spark;

import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
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
 * <p>A row comes in as its carried columns, of which the first is the id, then the text, the second sentence, and why
 * the row could not be read; all three may be null. It goes out as its carried columns, the task's results, {@code status} and {@code error}.
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
        for (int i = 0; i < carried(schema.size()); i++) {
            out = out.add(schema.apply(i));
        }
        for (var field : results.fields()) {
            out = out.add(field);
        }
        return out.add("status", DataTypes.StringType, false).add("error", DataTypes.StringType, true);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Deque<Row> waiting = new ArrayDeque<>();
        Iterator<Outcome<R>> outcomes =
                new Scorer<>(TaskModel.lease(model.value()), task, tokenBudget).score(new Documents(rows, waiting));
        return TaskModel.withinMemory(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext();
            }

            @Override
            public Row next() {
                Outcome<R> outcome = outcomes.next();
                return out(waiting.remove(), outcome);
            }
        });
    }

    private Row out(Row row, Outcome<R> scored) {
        String problem = row.getString(row.size() - 1);
        Outcome<R> outcome = problem == null ? scored : Outcome.none(Status.FAILED, problem);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < carried(row.size()); i++) {
            values.add(row.get(i));
        }
        values.addAll(outcome.value().map(results::values).orElseGet(results::none));
        values.add(outcome.status().label());
        values.add(outcome.error().orElse(null));
        return RowFactory.create(values.toArray());
    }

    /** An id as text, the same in every JVM. */
    private static String name(Object id) {
        if (id instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return id instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(id);
    }

    /** All columns but the text, the second sentence and the problem. */
    private static int carried(int columns) {
        return columns - 3;
    }

    /** Rows as documents; every row that was read waits for its outcome. */
    private record Documents(Iterator<Row> rows, Deque<Row> waiting) implements Iterator<Document> {
        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public Document next() {
            Row row = rows.next();
            waiting.add(row);
            int text = carried(row.size());
            return new Document(
                    name(row.get(0)),
                    row.isNullAt(text) ? "" : row.getString(text),
                    Optional.ofNullable(row.getString(text + 1)));
        }
    }
}
