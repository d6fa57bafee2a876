package dev.cloze.augment;

import dev.cloze.mask.LongTexts;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Embedding;
import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.scoring.Features;
import dev.cloze.scoring.Plan;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.scoring.Query;
import dev.cloze.scoring.Query.Output;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.text.Document;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/** What the model says of whole sentences, asked once for each: the original's hidden states, and those of candidates. */
final class Measures {
    private final Source source;
    private final Stages stages;
    private final List<SentenceCheck> checks;
    private final Map<String, Plan<Features>> described = new HashMap<>();
    private final Map<String, Plan<DocumentScore>> scored = new HashMap<>();
    private final Map<String, float[]> vectors = new HashMap<>();

    Measures(Source source, Stages stages) {
        this.source = source;
        this.stages = stages;
        this.checks = source.task().checks().all();
    }

    List<SentenceCheck> checks() {
        return checks;
    }

    /** Asks for the hidden states of {@code text}, and of the original. */
    void describe(String text) {
        Embedding task = new Embedding(Pooling.MEAN, LongTexts.WINDOW);
        UnaryOperator<Query> ofHiddenStates =
                query -> new Query(query.variant(), query.callback(), Output.HIDDEN_STATES);
        ask(source.text(), task, described, ofHiddenStates);
        ask(text, task, described, ofHiddenStates);
    }

    /** Asks for the pseudo-log-likelihood of {@code text}, and of the original. */
    void score(String text) {
        PseudoLogLikelihood task = new PseudoLogLikelihood(Hidden.TOKEN, LongTexts.WINDOW);
        ask(source.text(), task, scored, UnaryOperator.identity());
        ask(text, task, scored, UnaryOperator.identity());
    }

    private <R> void ask(String text, ScoringTask<R> task, Map<String, Plan<R>> plans, UnaryOperator<Query> query) {
        if (plans.containsKey(text)) {
            return;
        }
        source.model().requireNotCancelled();
        Plan<R> plan = task.plan(source.model().tokenizer().encode(Document.of("", text)), source.model());
        plans.put(text, plan);
        stages.ask(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return plan.queries().hasNext();
            }

            @Override
            public Query next() {
                return query.apply(plan.queries().next());
            }
        });
    }

    /** Of {@code text}, which was described, to the original. */
    OptionalDouble similarity(String text) {
        return OptionalDouble.of(MinSimilarity.cosine(vector(source.text()), vector(text)));
    }

    private float[] vector(String text) {
        return vectors.computeIfAbsent(
                text,
                key -> described.get(key).reduce().get().value().orElseThrow().pooled());
    }

    /** The pseudo-log-likelihood of {@code text} minus the original's, nats; absent when it was not asked for. */
    OptionalDouble change(String text) {
        if (!scored.containsKey(text)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(nll(source.text()) - nll(text));
    }

    private double nll(String text) {
        return scored.get(text).reduce().get().value().orElseThrow().nll();
    }
}
