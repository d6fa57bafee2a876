package dev.cloze.spark;

import dev.cloze.model.LanguageModel;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores a partition of the rows of a corpus as the Trainer of transformers evaluates them: {@link Examples} of a thousand rows
 * each. A row comes in as the number of its batch and its text, sorted by their places in the corpus, and whole batches
 * together; an example goes out.
 */
public final class ExampleScorer implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    /** An example: where it stands, what it cost. */
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("batch", DataTypes.LongType, false)
            .add("example", DataTypes.IntegerType, false)
            .add("tokens", DataTypes.IntegerType, false)
            .add("tokens_scored", DataTypes.IntegerType, false)
            .add("nll", DataTypes.DoubleType, false)
            .add("cross_entropy", DataTypes.DoubleType, true)
            .add("perplexity", DataTypes.DoubleType, true)
            .add("status", DataTypes.StringType, false)
            .add("error", DataTypes.StringType, true);

    private final Broadcast<ModelSpec> model;
    private final MaskedCrossEntropy task;
    private final Examples examples;
    private final int size;
    private final int tokenBudget;

    /** @param size tokens of an example, special ones included */
    public ExampleScorer(
            Broadcast<ModelSpec> model, MaskedCrossEntropy task, Examples examples, int size, int tokenBudget) {
        this.model = model;
        this.task = task;
        this.examples = examples;
        this.size = size;
        this.tokenBudget = tokenBudget;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        LanguageModel leased = TaskModel.lease(model.value());
        Deque<Place> waiting = new ArrayDeque<>();
        Iterator<Outcome<DocumentScore>> outcomes =
                new Scorer<>(leased, task, tokenBudget).scoreTokens(new Batches(rows, waiting, leased));
        return TaskModel.withinMemory(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext();
            }

            @Override
            public Row next() {
                Outcome<DocumentScore> outcome = outcomes.next();
                return row(waiting.remove(), outcome);
            }
        });
    }

    private static Row row(Place place, Outcome<DocumentScore> outcome) {
        DocumentScore score = outcome.value().orElse(null);
        return RowFactory.create(
                place.id,
                place.batch,
                place.number,
                place.tokens,
                score == null ? 0 : score.tokensScored(),
                score == null ? 0.0 : score.nll(),
                score == null ? null : score.crossEntropy(),
                score == null ? null : score.perplexity(),
                outcome.status().label(),
                outcome.error().orElse(null));
    }

    /** Where an example stands, and its own tokens. */
    private record Place(String id, long batch, int number, int tokens) {}

    /** Batches of rows as examples; every example waits for its outcome. */
    private final class Batches implements Iterator<TokenizedDocument> {
        private final Iterator<Row> rows;
        private final Deque<Place> waiting;
        private final LanguageModel leased;
        private final Deque<TokenizedDocument> ready = new ArrayDeque<>();
        private long batch;
        private int number;
        private Row first;

        Batches(Iterator<Row> rows, Deque<Place> waiting, LanguageModel leased) {
            this.rows = rows;
            this.waiting = waiting;
            this.leased = leased;
            this.first = rows.next();
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && first != null) {
                batch = first.getLong(0);
                number = 0;
                ready.addAll(examples.of(batch, texts(), size, leased.tokenizer()));
            }
            return !ready.isEmpty();
        }

        /** The texts of {@link #batch}. */
        private List<String> texts() {
            List<String> texts = new ArrayList<>();
            while (first != null && first.getLong(0) == batch) {
                texts.add(first.isNullAt(1) ? "" : first.getString(1));
                first = rows.hasNext() ? rows.next() : null;
            }
            return texts;
        }

        @Override
        public TokenizedDocument next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            TokenizedDocument example = ready.remove();
            waiting.add(new Place(example.document().id(), batch, number, example.contentLength()));
            number++;
            return example;
        }
    }
}
