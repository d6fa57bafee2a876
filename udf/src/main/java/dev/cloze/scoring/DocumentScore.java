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
 * @param surprisals of each scored token, in the order of the text
 */
public record DocumentScore(
        int tokens, int tokensScored, int words, long bytes, double nll, List<Surprisal> surprisals) {
    public DocumentScore {
        if (tokensScored < 1) {
            throw new IllegalArgumentException("A score is of one token at least");
        }
    }

    static DocumentScore of(String text, int tokens, List<Surprisal> surprisals) {
        return new DocumentScore(
                tokens,
                surprisals.size(),
                WhiteSpace.words(text),
                text.getBytes(StandardCharsets.UTF_8).length,
                surprisals.stream().mapToDouble(Surprisal::nll).sum(),
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

    /** exp(nll / words); absent when only some tokens were scored: their sum is not that of the words. */
    public OptionalDouble wordPerplexity() {
        return isWhole() ? OptionalDouble.of(Math.exp(nll / words)) : OptionalDouble.empty();
    }

    /** nll / (bytes ln 2); absent when only some tokens were scored. */
    public OptionalDouble bitsPerByte() {
        return isWhole() ? OptionalDouble.of(nll / (bytes * Math.log(2))) : OptionalDouble.empty();
    }

    private boolean isWhole() {
        return tokens == tokensScored;
    }
}
