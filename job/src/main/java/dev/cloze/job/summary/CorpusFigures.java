package dev.cloze.job.summary;

import dev.cloze.stats.CorpusState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The figures of a corpus and of its groups, by their names. Documents are classed by the thirds of the whole corpus: head
 * are those of the lowest perplexity, tail those of the highest.
 */
record CorpusFigures(CorpusState corpus, boolean isSample) {
    private static final List<Integer> PERCENTILES = List.of(5, 25, 50, 75, 95);
    private static final double THIRD = 1.0 / 3;

    Map<String, Object> of(CorpusState state) {
        Map<String, Object> figures = new LinkedHashMap<>();
        CorpusState.Sums sums = state.sums();
        figures.put("rows", sums.rows());
        figures.put("documents", sums.documents());
        if (state.isEmpty()) {
            return figures;
        }
        figures.put("tokens", sums.tokens());
        figures.put("tokens_scored", sums.tokensScored());
        figures.put("words", sums.words());
        figures.put("bytes", sums.bytes());
        figures.put("nll", sums.nll());
        figures.put("cross_entropy", state.crossEntropy());
        figures.put("perplexity", state.perplexity());
        figures.put("word_perplexity", isSample ? null : orNull(state.wordPerplexity()));
        figures.put("bits_per_byte", isSample ? null : orNull(state.bitsPerByte()));
        figures.put("mean_document_perplexity", state.meanDocumentPerplexity());
        figures.put("document_perplexity_min", Math.exp(sums.lowest()));
        PERCENTILES.forEach(
                percent -> figures.put("document_perplexity_p" + percent, state.documentPerplexityAt(percent / 100.0)));
        figures.put("document_perplexity_max", Math.exp(sums.highest()));
        double head = state.shareUpTo(corpus.crossEntropyAt(THIRD));
        double middle = state.shareUpTo(corpus.crossEntropyAt(2 * THIRD)) - head;
        figures.put("head", head);
        figures.put("middle", middle);
        figures.put("tail", 1 - head - middle);
        return figures;
    }

    private static Double orNull(OptionalDouble figure) {
        return figure.isPresent() ? figure.getAsDouble() : null;
    }
}
