package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * The figures of transformers' Trainer in {@code _summary.json}.
 *
 * @param examples of the corpus, scored or not
 * @param loss null when no token was scored
 */
record TrainerFigures(long examples, @JsonUnwrapped Loss loss) {

    /**
     * Of all scored tokens, and of the Trainer's batches.
     *
     * @param nll negative log-likelihood of the scored tokens, nats
     */
    record Loss(
            long tokens,
            @JsonProperty("tokens_scored") long tokensScored,
            double nll,
            @JsonProperty("cross_entropy") double crossEntropy,
            double perplexity,
            @JsonProperty("eval_loss") double evalLoss,
            @JsonProperty("eval_perplexity") double evalPerplexity) {

        /** @param tokensScored at least one */
        static Loss of(long tokens, long tokensScored, double nll, double evalLoss) {
            double crossEntropy = nll / tokensScored;
            return new Loss(
                    tokens, tokensScored, nll, crossEntropy, Math.exp(crossEntropy), evalLoss, Math.exp(evalLoss));
        }
    }
}
