package dev.cloze.stats.exemplar;

import java.util.List;
import java.util.Optional;

/**
 * A document that may be shown for a change.
 *
 * @param id where it has one
 * @param tokensScored n
 * @param crossEntropy c, nats a token
 * @param excess r: how probably it would not be there without the change
 * @param impact k: nats that it adds to the cross-entropy of the corpus
 * @param marks what can be seen of it without a model
 * @param text its beginning, where it is known
 * @param surprisals of the tokens in that beginning; empty where they are not known
 */
public record Candidate(
        Optional<String> id,
        long tokensScored,
        double crossEntropy,
        double excess,
        double impact,
        List<String> marks,
        Optional<String> text,
        List<Surprisal> surprisals) {
    /** How much of the change it shows. */
    double weight() {
        return excess * Math.abs(impact);
    }
}
