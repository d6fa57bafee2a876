package dev.cloze.scoring;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Variant;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The cross-entropy of a text under a causal model: every token is predicted from the tokens before it, exactly once. Special
 * tokens that the tokenizer's template would add are left out.
 *
 * <p>A text longer than the model is read in the windows of lm-evaluation-harness ({@code get_rolling_token_windows}, one token
 * of context): the first predicts as many tokens as the model reads, every following one that many more, and the last
 * one, which has fewer left, has all the more context.
 *
 * @param start whether something stands before the text, so that its first token can be predicted
 * @param longTexts what happens to documents longer than the model
 */
public record CausalCrossEntropy(Start start, LongTexts longTexts) implements ScoringTask<DocumentScore> {
    private static final long serialVersionUID = 1L;

    /** What stands before a text. */
    public enum Start {
        /** The tokenizer's BOS token, or else EOS, as in lm-evaluation-harness. */
        ADD,
        /** Nothing: the first token is context only. */
        NONE
    }

    /** Fails when the model in {@code bundle} is not fit for it. */
    public static CausalCrossEntropy of(Start start, LongTexts longTexts, Bundle bundle) {
        CausalCrossEntropy task = new CausalCrossEntropy(start, longTexts);
        task.head().require(bundle);
        if (start == Start.ADD && bundle.manifest().startToken() == null) {
            throw ClozeException.model(
                    "put a token before every text with model "
                            + bundle.manifest().name(),
                    "its tokenizer has neither a BOS nor an EOS token",
                    "use --bos none (in SQL, spark.cloze.bos=none)");
        }
        return task;
    }

    @Override
    public boolean isSameForEqualTexts() {
        return true;
    }

    @Override
    public Head head() {
        return Head.CAUSAL_LM;
    }

    @Override
    public Plan<DocumentScore> plan(TokenizedDocument document, LanguageModel model) {
        TokenizedDocument bare = document.withoutTemplate();
        int limit = model.positionLimit() + given();
        return LengthPolicy.plan(
                "score",
                bare,
                limit,
                longTexts,
                whole -> whole.keep(IntStream.range(0, limit).toArray()),
                left -> score(new ScoredText(left), model));
    }

    /** Tokens of the text that are not predicted. */
    private int given() {
        return start == Start.ADD ? 0 : 1;
    }

    private Plan<DocumentScore> score(ScoredText text, LanguageModel model) {
        if (text.tokens().length() == given()) {
            return Plan.refuse(
                    Status.EMPTY,
                    "Cannot score the text: nothing stands before its only token; use --bos add, or leave the row out");
        }
        return new Plan<>(new Queries(text, model), () -> text.score(model));
    }

    /** The windows from the beginning of the text to its end. */
    private final class Queries implements Iterator<Query> {
        private final ScoredText text;
        private final int limit;
        /** What the model reads, all windows together; its first token is not predicted. */
        private final long[] ids;
        /** Tokens of {@link #ids} that were predicted. */
        private int done;

        Queries(ScoredText text, LanguageModel model) {
            this.text = text;
            this.limit = model.positionLimit();
            LongStream before =
                    start == Start.ADD ? LongStream.of(model.special().start().orElseThrow()) : LongStream.empty();
            this.ids = LongStream.concat(before, LongStream.of(text.tokens().ids()))
                    .toArray();
        }

        @Override
        public boolean hasNext() {
            return done < ids.length - 1;
        }

        @Override
        public Query next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int first = done;
            int count = Math.min(limit, ids.length - 1 - done);
            done += count;
            int from = Math.max(0, done - limit);
            long[] window = Arrays.copyOfRange(ids, from, done);
            int[] positions = IntStream.range(first - from, done - from).toArray();
            long[][] wanted = IntStream.range(first, done)
                    .mapToObj(i -> new long[] {ids[i + 1]})
                    .toArray(long[][]::new);
            Variant variant = new Variant(window, new long[window.length], positions, 0, wanted);
            return new Query(variant, predictions -> {
                for (int i = 0; i < count; i++) {
                    text.observe(first + i + given(), predictions.get(i).candidateLogProbabilities()[0]);
                }
            });
        }
    }
}
