package dev.cloze.executor;

import dev.cloze.model.LanguageModel;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores a partition of the rows of a corpus as the Trainer of transformers evaluates them: {@link Examples} of a thousand rows
 * each. A row comes in as the number of its batch, its text, its id, and why it could not be read; rows are sorted by their
 * places in the corpus, and batches are complete. An example goes out; a row that could not be read, too.
 */
public final class ExampleScorer implements PartsScorer {
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

    private static final String NOTHING_DRAWN =
            "Cannot score the example: none of its tokens was drawn; raise --mask-share, or score more examples";

    /** The batch of rows that could not be read. */
    public static final long UNREADABLE = -1;

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
    public Iterator<PartRow> score(Iterator<PartRow> rows, Meter meter) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        LanguageModel leased = TaskModel.lease(model.value());
        Meter counting = TaskModel.metered(meter);
        Deque<PartRow> unreadable = new ArrayDeque<>();
        Deque<Place> waiting = new ArrayDeque<>();
        Iterator<Outcome<DocumentScore>> outcomes = new Scorer<>(leased, task, tokenBudget)
                // Rows of the corpus, not examples.
                .metered(counting.but(Metric.ROWS))
                .scoreTokens(new Batches(rows, unreadable, waiting, leased, counting));
        return TaskModel.withinMemory(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext() || !unreadable.isEmpty();
            }

            @Override
            public PartRow next() {
                if (isUnreadableNext(unreadable.peek(), waiting.peek())) {
                    return unreadable.remove();
                }
                Outcome<DocumentScore> outcome = outcomes.next();
                Place place = waiting.remove();
                return new PartRow(place.part, row(place, outcome));
            }
        });
    }

    /** Rows are read ahead: one that could not be read waits for the examples of the parts before its own. */
    private static boolean isUnreadableNext(PartRow unreadable, Place waiting) {
        return unreadable != null && (waiting == null || unreadable.part() <= waiting.part);
    }

    private static Row unreadable(String id, Status status, String why) {
        return RowFactory.create(id, UNREADABLE, -1, 0, 0, 0.0, null, null, status.label(), why);
    }

    /** An example of special tokens only has nothing to draw from, and is an example all the same. */
    private static Row row(Place place, Outcome<DocumentScore> outcome) {
        DocumentScore score = outcome.value().orElse(null);
        Status status = outcome.status() == Status.EMPTY ? Status.NO_MASK : outcome.status();
        return RowFactory.create(
                place.id,
                place.batch,
                place.number,
                place.tokens,
                score == null ? 0 : score.tokensScored(),
                score == null ? 0.0 : score.nll(),
                score == null ? null : score.crossEntropy(),
                score == null ? null : score.perplexity(),
                status.label(),
                status == Status.NO_MASK ? NOTHING_DRAWN : outcome.error().orElse(null));
    }

    /** Where an example stands, and its own tokens. */
    private record Place(int part, String id, long batch, int number, int tokens) {}

    /** Batches of rows as examples; every example waits for its outcome. */
    private final class Batches implements Iterator<TokenizedDocument> {
        private final Iterator<PartRow> rows;
        private final Deque<PartRow> unreadable;
        private final Deque<Place> waiting;
        private final LanguageModel leased;
        private final Meter meter;
        private final Deque<TokenizedDocument> ready = new ArrayDeque<>();
        private Examples.Cutter cutter;
        private int part;

        Batches(
                Iterator<PartRow> rows,
                Deque<PartRow> unreadable,
                Deque<Place> waiting,
                LanguageModel leased,
                Meter meter) {
            this.rows = rows;
            this.unreadable = unreadable;
            this.waiting = waiting;
            this.leased = leased;
            this.meter = meter;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                PartRow next = rows.next();
                part = next.part();
                meter.add(Metric.ROWS, 1);
                read(next.row());
            }
            return !ready.isEmpty();
        }

        private void read(Row row) {
            String id = row.getString(2);
            if (row.getLong(0) == UNREADABLE) {
                refuse(unreadable(id, Status.FAILED, row.getString(3)));
                return;
            }
            if (cutter == null || cutter.batch() != row.getLong(0)) {
                cutter = examples.cutter(row.getLong(0), size, leased.tokenizer());
            }
            String text = row.isNullAt(1) ? "" : row.getString(1);
            if (text.length() > Scorer.LONGEST_TEXT) {
                refuse(unreadable(id, Status.TOO_LONG, Scorer.tooLong(text.length())));
                return;
            }
            try {
                ready.addAll(cutter.add(text));
            } catch (RuntimeException e) {
                refuse(unreadable(id, Status.FAILED, Scorer.reason(e)));
            }
        }

        private void refuse(Row row) {
            unreadable.add(new PartRow(part, row));
        }

        @Override
        public TokenizedDocument next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            TokenizedDocument example = ready.remove();
            String id = example.document().id();
            int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
            waiting.add(new Place(part, id, cutter.batch(), number, example.contentLength()));
            return example;
        }
    }
}
