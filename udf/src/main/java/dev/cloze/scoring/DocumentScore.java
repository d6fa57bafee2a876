package dev.cloze.scoring;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a document costs the model. Sums, not means, so that documents add up to a corpus.
 *
 * @param tokens of the text, without the template's
 * @param words as lm-evaluation-harness counts them: pieces between runs of white space, empty ones at the ends included
 * @param bytes of the text in UTF-8
 * @param nll negative log-likelihood of all tokens, nats
 * @param surprisals of each token, in the order of the text; all tokens are scored
 */
public record DocumentScore(int tokens, int words, long bytes, double nll, List<Surprisal> surprisals) {
    // Python's \s: Unicode white space and the four separators U+001C to U+001F.
    private static final Pattern BLANKS = Pattern.compile("[\\s\\x1C-\\x1F]+", Pattern.UNICODE_CHARACTER_CLASS);

    static DocumentScore of(String text, List<Surprisal> surprisals) {
        return new DocumentScore(
                surprisals.size(),
                BLANKS.split(text, -1).length,
                text.getBytes(StandardCharsets.UTF_8).length,
                surprisals.stream().mapToDouble(Surprisal::nll).sum(),
                surprisals);
    }

    /** Nats a token. */
    public double crossEntropy() {
        return nll / tokens;
    }

    /** exp of the cross-entropy; of masked models the pseudo-perplexity of Salazar et al. 2020. */
    public double perplexity() {
        return Math.exp(crossEntropy());
    }

    public double wordPerplexity() {
        return Math.exp(nll / words);
    }

    public double bitsPerByte() {
        return nll / (bytes * Math.log(2));
    }
}
