package dev.cloze.scoring;

import dev.cloze.text.WhiteSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a document costs the model. Sums, not means, so that documents add up to a corpus.
 *
 * @param tokens of the text, without the template's
 * @param tokensScored those that were scored, at least one
 * @param words as lm-evaluation-harness counts them: pieces between runs of white space, empty ones at the ends included
 * @param bytes of the text in UTF-8
 * @param nll negative log-likelihood of all scored tokens, nats
 * @param isSample whether the scored tokens stand for all of them: then their sum is not that of the words
 * @param surprisals of each scored token, in the order of the text
 */
public record DocumentScore(
        int tokens, int tokensScored, int words, long bytes, double nll, boolean isSample, List<Surprisal> surprisals) {
    public DocumentScore {
        if (tokensScored < 1) {
            throw new IllegalArgumentException("A score is of one token at least");
        }
    }

    /** The score of {@code text} by all of its tokens that could be scored. */
    static DocumentScore of(String text, int tokens, List<Surprisal> surprisals) {
        return of(text, tokens, surprisals, false);
    }

    /** The score of {@code text} by tokens that stand for all of them. */
    static DocumentScore ofSample(String text, int tokens, List<Surprisal> surprisals) {
        return of(text, tokens, surprisals, true);
    }

    private static DocumentScore of(String text, int tokens, List<Surprisal> surprisals, boolean isSample) {
        return new DocumentScore(
                tokens,
                surprisals.size(),
                WhiteSpace.words(text),
                text.getBytes(StandardCharsets.UTF_8).length,
                surprisals.stream().mapToDouble(Surprisal::nll).sum(),
                isSample,
                surprisals);
    }

    /** Nats a scored token. */
    public double crossEntropy() {
        return nll / tokensScored;
    }

    /** exp of the cross-entropy; of masked models, each token in turn, the pseudo-perplexity of Salazar et al. 2020. */
    public double perplexity() {
        return Math.exp(crossEntropy());
    }

    /** exp(nll / words); absent when some tokens were not scored, and when it is beyond all numbers. */
    public OptionalDouble wordPerplexity() {
        double perplexity = Math.exp(nll / words);
        return isOfAllTokens() && Double.isFinite(perplexity) ? OptionalDouble.of(perplexity) : OptionalDouble.empty();
    }

    /** nll / (bytes ln 2); absent when some tokens were not scored. */
    public OptionalDouble bitsPerByte() {
        return isOfAllTokens() ? OptionalDouble.of(nll / (bytes * Math.log(2))) : OptionalDouble.empty();
    }

    private boolean isOfAllTokens() {
        return tokens == tokensScored && !isSample;
    }
}
