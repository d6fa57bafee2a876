package dev.cloze.spark;

import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.catalyst.Request;

/**
 * Adds {@code tokens, tokens_scored, words, bytes, nll} (sum, nats), {@code cross_entropy, perplexity, word_perplexity,
 * bits_per_byte}.
 */
public final class PerplexityColumns extends Transformation<PerplexityColumns> {
    PerplexityColumns(Request request) {
        super(request);
    }

    /** {@code pll}, {@code pll-word} or {@code causal}. */
    public PerplexityColumns method(String method) {
        return option(PerplexitySettings.METHOD.name(), method);
    }

    /** Adds {@code surprisals array<struct<token, start, end, nll>>}, too. */
    public PerplexityColumns tokens() {
        return option(PerplexitySettings.TOKENS.name(), true);
    }

    @Override
    PerplexityColumns with(Request other) {
        return new PerplexityColumns(other);
    }

    @Override
    String name() {
        return "perplexity";
    }

    @Override
    Call<?> call(Calls calls) {
        return calls.score(request().inputs());
    }
}
