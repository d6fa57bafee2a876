package dev.cloze.executor;

import dev.cloze.model.ModelSpec;
import dev.cloze.model.Network;
import dev.cloze.model.Purpose;
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
import java.util.NoSuchElementException;
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
        Deque<Waiting> waiting = new ArrayDeque<>();
        Iterator<Outcome<R>> outcomes = scorer().score(new Documents(rows, waiting));
        return TaskModel.withinMemory(new Iterator<>() {
            private Iterator<Row> ready = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!ready.hasNext() && outcomes.hasNext()) {
                    Outcome<R> outcome = outcomes.next();
                    ready = out(waiting.remove(), outcome).iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.next();
            }
        });
    }

    private Scorer<R> scorer() {
        Optional<Network> features = task.describes()
                ? Optional.of(TaskModel.lease(model.value().withPurpose(Purpose.DESCRIBE))
                        .network())
                : Optional.empty();
        return new Scorer<>(TaskModel.lease(model.value()), features, task, tokenBudget);
    }

    /** The rows of a document. */
    private List<Row> out(Waiting row, Outcome<R> scored) {
        Outcome<R> outcome = row.problem == null ? scored : Outcome.none(Status.FAILED, row.problem);
        return results.rows(outcome).stream().map(result -> row(row, result)).toList();
    }

    private static Row row(Waiting row, ResultRow result) {
        List<Object> values = new ArrayList<>(row.carried);
        values.addAll(result.values());
        values.add(result.status().label());
        values.add(result.error().orElse(null));
        return RowFactory.create(values.toArray());
    }

    /** An id as text, the same in every JVM: the name of a document. */
    public static String name(Object id) {
        if (id instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return id instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(id);
    }

    /** What of a row is wanted when its outcome is there; a reason why it could not be read, or null. */
    private record Waiting(List<Object> carried, String problem) {}

    /** Rows as documents; every row that was read waits for its outcome. */
    private static final class Documents implements Iterator<Document> {
        private final Iterator<Row> rows;
        private final Deque<Waiting> waiting;
        private RowLayout layout;

        Documents(Iterator<Row> rows, Deque<Waiting> waiting) {
            this.rows = rows;
            this.waiting = waiting;
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public Document next() {
            Row row = rows.next();
            layout = layout == null ? RowLayout.of(row.schema()) : layout;
            List<Object> carried = new ArrayList<>();
            for (int i = 0; i < layout.carried(); i++) {
                carried.add(row.get(i));
            }
            waiting.add(new Waiting(carried, row.getString(row.size() - 1)));
            int text = layout.text();
            return new Document(
                    name(row.get(0)),
                    row.isNullAt(text) ? "" : row.getString(text),
                    Optional.ofNullable(row.getString(text + 1)),
                    layout.notes(row));
        }
    }
}
