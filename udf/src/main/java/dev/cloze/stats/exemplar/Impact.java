package dev.cloze.stats.exemplar;

import dev.cloze.stats.judge.Share;
import java.io.Serializable;

/**
 * What a document adds to the change of the corpus' cross-entropy that comes from within its slice:
 *
 * <pre>
 * k = n (c′ − c) / T′ · (w + w′) / (2 w′)
 * </pre>
 *
 * where n and c′ are the document's, c is the usual cross-entropy of its slice, T′ the number of scored tokens of the corpus tonight, and w and
 * w′ the usual and tonight's share of the slice in it. Over all documents of the slice it adds up to {@link Share#within}.
 *
 * @param usual c
 * @param weight (w + w′) / (2 w′ T′)
 */
public record Impact(double usual, double weight) implements Serializable {
    /** Of documents of the slice of {@code share}, in a corpus of {@code tokens} scored tokens tonight. */
    public static Impact of(Share share, double tokens) {
        double weight = (share.shareBefore() + share.share()) / (2 * share.share() * tokens);
        return new Impact(share.crossEntropyBefore(), weight);
    }

    /** k, nats. */
    public double of(long tokensScored, double nll) {
        return (nll - tokensScored * usual) * weight;
    }
}
