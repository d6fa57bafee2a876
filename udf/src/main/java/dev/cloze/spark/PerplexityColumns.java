package dev.cloze.spark;

import dev.cloze.rows.DocumentScoreRows;

/**
 * Adds {@code tokens, tokens_scored, words, bytes, nll} (sum, nats), {@code cross_entropy, perplexity, word_perplexity,
 * bits_per_byte}.
 */
public final class PerplexityColumns extends Transformation<PerplexityColumns> {
    private final DocumentScoreRows rows;

    PerplexityColumns(Request request) {
        this(request, DocumentScoreRows.ofDocuments());
    }

    private PerplexityColumns(Request request, DocumentScoreRows rows) {
        super(request);
        this.rows = rows;
    }

    /** {@code pll}, {@code pll-word} or {@code causal}. */
    public PerplexityColumns method(String method) {
        return option("method", method);
    }

    /** Adds {@code surprisals array<struct<token, start, end, nll>>}, too. */
    public PerplexityColumns tokens() {
        return new PerplexityColumns(request(), DocumentScoreRows.ofTokens());
    }

    @Override
    PerplexityColumns with(Request other) {
        return new PerplexityColumns(other, rows);
    }

    @Override
    String name() {
        return "perplexity";
    }

    @Override
    Call<?> call(Calls calls) {
        return calls.score(rows, request().inputs());
    }
}
