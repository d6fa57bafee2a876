package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a change of the corpus' cross-entropy comes from, exactly.
 *
 * <pre>
 * C′ − C = Σ_s [ (w′ − w) ((c + c′)/2 − (C + C′)/2)  +  (w + w′)/2 (c′ − c) ]
 *                mix of slice s                         within slice s
 * </pre>
 *
 * where w is a slice's share of the scored tokens, c its cross-entropy, C that of the corpus, and ′ is tonight. It sums exactly because
 * Σ(w′ − w) = 0, it does not depend on an order of the two effects, and a slice that grows is charged only for being unlike the corpus.
 * Of a slice that is new, or gone, all of the effect is mix.
 *
 * @param before C
 * @param now C′
 * @param slices all that have tokens on one side at least
 */
public record Decomposition(double before, double now, List<Share> slices) {

    /**
     * Scored tokens and their negative log-likelihood.
     *
     * @param tokens Σn
     * @param nll Σnll
     */
    public record Tokens(double tokens, double nll) {
        public static final Tokens NONE = new Tokens(0, 0);

        public Tokens plus(Tokens other) {
            return new Tokens(tokens + other.tokens, nll + other.nll);
        }

        private double crossEntropyOr(Tokens other) {
            return tokens > 0 ? nll / tokens : other.nll / other.tokens;
        }
    }

    /** Of a change from {@code before} to {@code now}, both of which have tokens. */
    public static Decomposition of(Map<Slice, Tokens> before, Map<Slice, Tokens> now) {
        Tokens all = sum(before);
        Tokens allNow = sum(now);
        double corpus = all.nll / all.tokens;
        double corpusNow = allNow.nll / allNow.tokens;
        Map<Slice, Tokens> names = new LinkedHashMap<>(before);
        now.forEach(names::putIfAbsent);
        List<Share> shares = new ArrayList<>();
        for (Slice slice : names.keySet()) {
            Tokens then = before.getOrDefault(slice, Tokens.NONE);
            Tokens tonight = now.getOrDefault(slice, Tokens.NONE);
            if (then.tokens > 0 || tonight.tokens > 0) {
                double w = then.tokens / all.tokens;
                double w1 = tonight.tokens / allNow.tokens;
                double c = then.crossEntropyOr(tonight);
                double c1 = tonight.crossEntropyOr(then);
                double mix = (w1 - w) * ((c + c1) / 2 - (corpus + corpusNow) / 2);
                shares.add(new Share(slice, w, w1, c, c1, mix, (w + w1) / 2 * (c1 - c)));
            }
        }
        return new Decomposition(corpus, corpusNow, shares);
    }

    private static Tokens sum(Map<Slice, Tokens> slices) {
        return slices.values().stream().reduce(Tokens.NONE, Tokens::plus);
    }

    /** C′ − C. */
    public double total() {
        return now - before;
    }
}
