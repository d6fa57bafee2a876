package dev.cloze.scoring;

import dev.cloze.batch.Batch;
import dev.cloze.batch.TokenBudgetBatcher;
import dev.cloze.failure.ClozeException;
import dev.cloze.mask.Variant;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Network;
import dev.cloze.model.Prediction;
import dev.cloze.text.Document;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Scores documents: tokenise, plan, ask the model in batches of similar length, reduce, and hand the outcomes out in input
 * order. Start reading here.
 *
 * <p>A text that equals one of the last ones ({@link SeenTexts}) is not scored again: it gets the same outcome.
 *
 * <p>Batches are formed from a look-ahead of the input, so memory is bounded by it and by the token budget, not by the size
 * of the corpus.
 */
public final class Scorer<R> {
    /** Queries that are sorted by length together, and documents that may wait for an answer. */
    private static final int LOOK_AHEAD = 1024;
    /** Characters of text, or tokens, held for them. */
    private static final int LOOK_AHEAD_TEXT = 4 << 20;
    /**
     * Characters of a text that is tokenised. The tokenizers library makes some objects of every token, and ends the JVM when
     * memory does not suffice for them.
     */
    public static final int LONGEST_TEXT = 4 << 20;

    private final LanguageModel model;
    private final Optional<Network> features;
    private final ScoringTask<R> task;
    private final TokenBudgetBatcher batcher;
    private final int first;
    private final Meter meter;

    public Scorer(LanguageModel model, ScoringTask<R> task, int tokenBudget) {
        this(model, Optional.empty(), task, tokenBudget);
    }

    /** @param features predicts hidden states, for a task that needs them */
    public Scorer(LanguageModel model, Optional<Network> features, ScoringTask<R> task, int tokenBudget) {
        this(model, features, task, new TokenBudgetBatcher(tokenBudget), LOOK_AHEAD, Meter.NONE);
    }

    private Scorer(
            LanguageModel model,
            Optional<Network> features,
            ScoringTask<R> task,
            TokenBudgetBatcher batcher,
            int first,
            Meter meter) {
        this.model = model;
        this.features = features;
        this.task = task;
        this.batcher = batcher;
        this.first = first;
        this.meter = meter;
    }

    /**
     * The same, for somebody who may want a few outcomes only: so many documents are read before the first outcome, and twice as
     * many each time after that.
     */
    public Scorer<R> beginningWith(int documents) {
        return new Scorer<>(model, features, task, batcher, documents, meter);
    }

    /** The same, which counts what it takes. */
    public Scorer<R> metered(Meter counting) {
        return new Scorer<>(model, features, task, batcher, first, counting);
    }

    /** One outcome for each document, in their order. */
    public Iterator<Outcome<R>> score(Iterator<Document> documents) {
        return new Outcomes<>(
                documents, this::tokenizeAndPlan, Scorer::characters, document -> Optional.of(content(document)));
    }

    /** One outcome for each document that is tokens already, in their order. */
    public Iterator<Outcome<R>> scoreTokens(Iterator<TokenizedDocument> documents) {
        return new Outcomes<>(documents, this::plan, TokenizedDocument::length, document -> Optional.empty());
    }

    /** All that the outcome depends on. */
    private Document content(Document document) {
        return task.isSameForEqualTexts()
                ? new Document("", document.text(), document.pair(), document.parameters())
                : document;
    }

    private Plan<R> tokenizeAndPlan(Document document) {
        int characters = characters(document);
        if (characters > LONGEST_TEXT) {
            return Plan.refuse(Status.TOO_LONG, tooLong(characters));
        }
        try {
            return plan(meter.timed(Metric.TOKENIZE, () -> model.tokenizer().encode(document)));
        } catch (RuntimeException e) {
            model.requireNotCancelled();
            return Plan.refuse(Status.FAILED, reason(e));
        }
    }

    private Plan<R> plan(TokenizedDocument document) {
        try {
            return meter.timed(Metric.PLAN, () -> task.plan(document, model));
        } catch (RuntimeException e) {
            model.requireNotCancelled();
            return Plan.refuse(Status.FAILED, reason(e));
        }
    }

    private void ask(List<Asked<R>> queries) {
        for (Query.Output output : Query.Output.values()) {
            List<Asked<R>> alike = queries.stream()
                    .filter(asked -> asked.query.output() == output)
                    .toList();
            batcher.group(alike, asked -> asked.query.variant()).forEach(group -> askTogether(group, network(output)));
        }
    }

    private Network network(Query.Output output) {
        return output == Query.Output.TASK_HEAD ? model.network() : features.orElseThrow();
    }

    /**
     * A batch that fails is cut in halves until the rows that fail stand alone: their neighbours are scored. So is a batch for
     * which memory does not suffice; a single row that is too large for it is no fault of the row.
     */
    private void askTogether(List<Asked<R>> group, Network network) {
        model.requireNotCancelled();
        List<Prediction> predictions;
        try {
            predictions = predict(group.stream().map(a -> a.query.variant()).toList(), network);
        } catch (RuntimeException e) {
            if (group.size() == 1) {
                group.get(0).pending.fail(e);
                settle(group.get(0).pending);
            } else {
                askHalves(group, network);
            }
            return;
        } catch (OutOfMemoryError e) {
            if (group.size() == 1) {
                throw e;
            }
            askHalves(group, network);
            return;
        }
        int next = 0;
        for (Asked<R> asked : group) {
            int count = asked.query.variant().positions().length;
            asked.pending.observe(asked.query, predictions.subList(next, next + count));
            next += count;
            settle(asked.pending);
        }
    }

    private List<Prediction> predict(List<Variant> variants, Network network) {
        Batch batch = Batch.of(variants, model.padId());
        List<Prediction> predictions = meter.timed(Metric.RUN, () -> network.predict(batch));
        long tokens = variants.stream().mapToLong(Variant::length).sum();
        meter.add(Metric.BATCHES, 1);
        meter.add(Metric.TOKENS, tokens);
        meter.add(Metric.PADDING, (long) batch.rows() * batch.width() - tokens);
        return predictions;
    }

    private void settle(Pending<R> document) {
        if (document.isDone() && !document.counted) {
            document.counted = true;
            meter.add(Metric.ROWS, 1);
        }
    }

    private void askHalves(List<Asked<R>> group, Network network) {
        askTogether(group.subList(0, group.size() / 2), network);
        askTogether(group.subList(group.size() / 2, group.size()), network);
    }

    private static int characters(Document document) {
        return document.text().length() + document.pair().map(String::length).orElse(0);
    }

    /** Why a text of more than {@link #LONGEST_TEXT} characters is not tokenised. */
    public static String tooLong(int characters) {
        return "Cannot tokenise this row: the text has " + characters + " characters, at most " + LONGEST_TEXT
                + " are read at once; cut it into pieces";
    }

    /** Why a row failed, in words. */
    public static String reason(RuntimeException e) {
        if (e instanceof ClozeException) {
            return e.getMessage();
        }
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        return "Cannot score this row: " + why + "; look at the text, or leave the row out";
    }

    /** A query and the document that asks it. */
    private record Asked<R>(Query query, Pending<R> pending) {}

    /** A document on its way through the engine. */
    private static final class Pending<R> {
        private Plan<R> plan;
        private final LanguageModel model;
        private int open;
        private boolean counted;
        private Outcome<R> failure;
        private Outcome<R> outcome;

        Pending(Plan<R> plan, LanguageModel model) {
            this.plan = plan;
            this.model = model;
        }

        /** Moves queries of this document to {@code queries} until there are {@code most}. */
        void ask(List<Asked<R>> queries, int most) {
            try {
                while (queries.size() < most && hasQuery()) {
                    model.requireNotCancelled();
                    queries.add(new Asked<>(plan.queries().next(), this));
                    open++;
                }
            } catch (RuntimeException e) {
                failure = failed(e);
            }
        }

        void observe(Query query, List<Prediction> predictions) {
            open--;
            try {
                query.callback().accept(predictions);
            } catch (RuntimeException e) {
                failure = failed(e);
            }
        }

        void fail(RuntimeException e) {
            open--;
            failure = failed(e);
        }

        private boolean hasQuery() {
            return outcome == null && failure == null && plan.queries().hasNext();
        }

        boolean isDone() {
            return open == 0 && !hasQuery();
        }

        /** Of this document and of all that equal it; nothing else of it is kept from then on. */
        Outcome<R> outcome() {
            if (outcome == null) {
                outcome = reduced();
                plan = null;
            }
            return outcome;
        }

        private Outcome<R> reduced() {
            if (failure != null) {
                return failure;
            }
            try {
                return plan.reduce().get();
            } catch (RuntimeException e) {
                return failed(e);
            }
        }

        /** What ends the work is no failure of the row: the row has no outcome then. */
        private Outcome<R> failed(RuntimeException e) {
            model.requireNotCancelled();
            return Outcome.none(Status.FAILED, reason(e));
        }
    }

    private final class Outcomes<D> implements Iterator<Outcome<R>> {
        private final Iterator<D> documents;
        private final Function<D, Plan<R>> planner;
        private final ToIntFunction<D> size;
        private final Function<D, Optional<Document>> content;
        private final SeenTexts<Pending<R>> seen = new SeenTexts<>();
        private final Deque<Pending<R>> pending = new ArrayDeque<>();
        private int most = first;

        /** @param content of a document that may equal another one */
        Outcomes(
                Iterator<D> documents,
                Function<D, Plan<R>> planner,
                ToIntFunction<D> size,
                Function<D, Optional<Document>> content) {
            this.documents = documents;
            this.planner = planner;
            this.size = size;
            this.content = content;
        }

        @Override
        public boolean hasNext() {
            return !pending.isEmpty() || documents.hasNext();
        }

        @Override
        public Outcome<R> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            while (pending.isEmpty() || !pending.peek().isDone()) {
                ask(lookAhead());
            }
            return pending.poll().outcome();
        }

        /** The next queries, of documents already planned and of new ones. */
        private List<Asked<R>> lookAhead() {
            List<Asked<R>> queries = new ArrayList<>();
            pending.forEach(document -> plan(document, queries));
            int held = 0;
            while (queries.size() < LOOK_AHEAD
                    && pending.size() < most
                    && held < LOOK_AHEAD_TEXT
                    && documents.hasNext()) {
                model.requireNotCancelled();
                D document = documents.next();
                held += size.applyAsInt(document);
                pending.add(repeated(document).orElseGet(() -> planned(document, queries)));
            }
            most = Math.min(LOOK_AHEAD, 2 * most);
            return queries;
        }

        /** The document before that equals this one. */
        private Optional<Pending<R>> repeated(D document) {
            Optional<Pending<R>> before = content.apply(document).flatMap(seen::find);
            before.ifPresent(found -> {
                meter.add(Metric.ROWS, 1);
                meter.add(Metric.REPEATED, 1);
            });
            return before;
        }

        private Pending<R> planned(D document, List<Asked<R>> queries) {
            Pending<R> planned = new Pending<>(planner.apply(document), model);
            content.apply(document).ifPresent(text -> seen.keep(text, planned));
            plan(planned, queries);
            return planned;
        }

        private void plan(Pending<R> document, List<Asked<R>> queries) {
            meter.timed(Metric.PLAN, () -> {
                document.ask(queries, LOOK_AHEAD);
                return null;
            });
            settle(document);
        }
    }
}
