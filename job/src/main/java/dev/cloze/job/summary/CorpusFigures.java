package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cloze.stats.CorpusState;
import java.util.OptionalDouble;

/**
 * The figures of a corpus, or of a group of it, in {@code _summary.json}.
 *
 * @param rows of the corpus, scored or not
 * @param documents that were scored
 * @param likelihood of their tokens; null when there is no document
 * @param perplexities of the single documents; null when there is none
 * @param thirds the shares of the corpus's thirds; null when there is no document
 */
record CorpusFigures(
        long rows,
        long documents,
        @JsonUnwrapped Likelihood likelihood,
        @JsonUnwrapped DocumentPerplexities perplexities,
        @JsonUnwrapped Thirds thirds) {

    /** Of {@code state}, which is the {@code corpus} or a part of it. */
    static CorpusFigures of(CorpusState state, CorpusState corpus) {
        CorpusState.Sums sums = state.sums();
        return state.isEmpty()
                ? new CorpusFigures(sums.rows(), sums.documents(), null, null, null)
                : new CorpusFigures(
                        sums.rows(),
                        sums.documents(),
                        Likelihood.of(state),
                        DocumentPerplexities.of(state),
                        Thirds.of(state, corpus));
    }

    /** The same when the scored tokens are a sample of all tokens: figures of words and bytes are unknown. */
    CorpusFigures ofSample() {
        return likelihood == null
                ? this
                : new CorpusFigures(rows, documents, likelihood.ofSample(), perplexities, thirds);
    }

    /**
     * Of all tokens together.
     *
     * @param bytes of the texts in UTF-8
     * @param nll negative log-likelihood of the scored tokens, nats
     * @param wordPerplexity null when some tokens were not scored, or when it is beyond all numbers
     * @param bitsPerByte null when some tokens were not scored
     */
    record Likelihood(
            long tokens,
            @JsonProperty("tokens_scored") long tokensScored,
            long words,
            long bytes,
            double nll,
            @JsonProperty("cross_entropy") double crossEntropy,
            double perplexity,
            @JsonProperty("word_perplexity") Double wordPerplexity,
            @JsonProperty("bits_per_byte") Double bitsPerByte) {

        private static Likelihood of(CorpusState state) {
            CorpusState.Sums sums = state.sums();
            return new Likelihood(
                    sums.tokens(),
                    sums.tokensScored(),
                    sums.words(),
                    sums.bytes(),
                    sums.nll(),
                    state.crossEntropy(),
                    state.perplexity(),
                    orNull(state.wordPerplexity()),
                    orNull(state.bitsPerByte()));
        }

        private Likelihood ofSample() {
            return new Likelihood(tokens, tokensScored, words, bytes, nll, crossEntropy, perplexity, null, null);
        }

        private static Double orNull(OptionalDouble figure) {
            return figure.isPresent() ? figure.getAsDouble() : null;
        }
    }

    /** How the perplexities of single documents are distributed: mean, extremes and percentiles. */
    record DocumentPerplexities(
            @JsonProperty("mean_document_perplexity") double mean,
            @JsonProperty("document_perplexity_min") double min,
            @JsonProperty("document_perplexity_p5") double p5,
            @JsonProperty("document_perplexity_p25") double p25,
            @JsonProperty("document_perplexity_p50") double p50,
            @JsonProperty("document_perplexity_p75") double p75,
            @JsonProperty("document_perplexity_p95") double p95,
            @JsonProperty("document_perplexity_max") double max) {

        private static DocumentPerplexities of(CorpusState state) {
            return new DocumentPerplexities(
                    state.meanDocumentPerplexity(),
                    Math.exp(state.sums().lowest()),
                    state.documentPerplexityAt(0.05),
                    state.documentPerplexityAt(0.25),
                    state.documentPerplexityAt(0.5),
                    state.documentPerplexityAt(0.75),
                    state.documentPerplexityAt(0.95),
                    Math.exp(state.sums().highest()));
        }
    }

    /** Shares of the documents that are in each third of the corpus: head has the lowest perplexities, tail the highest. */
    record Thirds(double head, double middle, double tail) {
        private static final double THIRD = 1.0 / 3;

        private static Thirds of(CorpusState state, CorpusState corpus) {
            double head = state.shareUpTo(corpus.crossEntropyAt(THIRD));
            double middle = state.shareUpTo(corpus.crossEntropyAt(2 * THIRD)) - head;
            return new Thirds(head, middle, 1 - head - middle);
        }
    }
}
