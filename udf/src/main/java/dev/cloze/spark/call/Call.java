package dev.cloze.spark.call;

import dev.cloze.augment.Augment;
import dev.cloze.bundle.Sha256;
import dev.cloze.executor.TaskModel;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.ResultRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.text.Document;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a function asks of every row: a value that travels to executors. Two calls that ask the same are equal, so that Spark makes
 * one of them.
 */
public final class Call<R> implements Serializable {
    private static final long serialVersionUID = 1L;
    /** So many rows are scored before the first comes out: somebody may want a few only. */
    private static final int FIRST_ROWS = 16;

    private final String name;
    private final ModelSpec model;
    private final ScoringTask<R> task;
    private final ResultRows<R> results;
    private final int batchTokens;
    private final List<Input> inputs;
    private final String identity;

    /** What an argument is to the task. The text comes first. */
    public enum Input {
        TEXT,
        /** Draws depend on it; without one the text is its own id. */
        ID,
        PAIR,
        /** How many candidates are made. */
        VARIANTS
    }

    public Call(
            String name,
            ModelSpec model,
            ScoringTask<R> task,
            ResultRows<R> results,
            int batchTokens,
            List<Input> inputs) {
        this.name = name;
        this.model = model;
        this.task = task;
        this.results = results;
        this.batchTokens = batchTokens;
        this.inputs = new ArrayList<>(inputs);
        this.identity = Sha256.of(
                SerializationUtils.serialize(new ArrayList<>(List.of(model, task, results, batchTokens, this.inputs))));
    }

    public String name() {
        return name;
    }

    /** How many of a function's arguments the executors get. */
    public int inputs() {
        return inputs.size();
    }

    /** The task's columns, {@code status} and {@code error}. */
    public StructType type() {
        StructType type = new StructType();
        for (var field : results.fields()) {
            type = type.add(field);
        }
        return type.add("status", DataTypes.StringType, false).add("error", DataTypes.StringType, true);
    }

    /** In a task of Spark, which gives the model back when it ends. */
    public Scorer<R> scorer() {
        return TaskModel.scorer(model, task, batchTokens, Meter.NONE).beginningWith(FIRST_ROWS);
    }

    /** @param arguments in the order of the inputs; all may be null */
    public Document document(Object[] arguments) {
        String text = arguments[0] == null ? "" : arguments[0].toString();
        String id = text;
        Optional<String> pair = Optional.empty();
        Map<String, Object> parameters = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            switch (inputs.get(i)) {
                case ID -> id = CorpusRow.name(arguments[i]);
                case PAIR -> pair = Optional.ofNullable((String) arguments[i]);
                case VARIANTS -> parameters.put(Augment.VARIANTS, arguments[i] == null ? 0 : arguments[i]);
                case TEXT -> throw new IllegalStateException("A call has one text");
            }
        }
        return new Document(id, text, pair, parameters);
    }

    /** A value of {@link #type}. */
    public Row result(Outcome<R> outcome) {
        ResultRow row = results.rows(outcome).get(0);
        List<Object> values = new ArrayList<>(row.values());
        values.add(row.status().label());
        values.add(row.error().orElse(null));
        return RowFactory.create(values.toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Call<?> call && identity.equals(call.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
