package dev.cloze.stats.judge;

import dev.cloze.stats.judge.CountRule.Counted;
import dev.cloze.stats.judge.CountRule.Direction;
import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.night.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One count rule and all slices. A count is surprising when neither chance nor the usual ups and downs explain it.
 *
 * <pre>
 * λ = 0.5^(1/28) a night,   A = a₀ + Σ λ^age K̃,   B = b₀ + Σ λ^age M,   μ = M A / B
 * κ = max(0.01, (max(0, Σ λ^age ((K̃ − μ)² − μ)) + 10 κ₀) / (Σ λ^age μ² + 10)),   K̃ = K clipped to μ ± 4 √(μ + κμ²)
 * κ₀ = median of the slices' own ratios where Σ λ^age μ² > 50 in 3 of them, else 0.25
 * </pre>
 *
 * The probabilities are those of {@link RateMixture}.
 */
final class Counts {
    private static final double DECAY = Math.pow(0.5, 1.0 / Past.POOL);
    private static final double LEAST_UPS = 0.01;
    private static final double USUAL_UPS = 0.25;
    private static final double WEIGHT_OF_OTHERS = 10;
    private static final double ENOUGH = 50;
    private static final int ENOUGH_SLICES = 3;
    private static final double CLIP = 4;

    /** What is known of a slice's rate: sums over earlier nights, of which older ones weigh less. */
    private record Rate(double found, double of, double surplus, double squares) {
        static final Rate UNKNOWN = new Rate(0, 0, 0, 0);

        /** The slice's own κ. */
        double ups() {
            return Math.max(0, surplus) / squares;
        }

        Rate after(Count count) {
            double expected = count.expected();
            double most = CLIP * count.deviation();
            double error = Numbers.clip(count.counted().found() - expected, most);
            return new Rate(
                    DECAY * found + expected + error,
                    DECAY * of + count.counted().of(),
                    DECAY * surplus + error * error - expected,
                    DECAY * squares + expected * expected);
        }
    }

    private final CountRule rule;
    private final Map<Slice, Rate> rates = new LinkedHashMap<>();

    Counts(CountRule rule) {
        this.rule = rule;
    }

    /** All slices for which the documents were counted tonight. */
    List<Count> judge(Tonight tonight) {
        return expectations(tonight).stream().map(this::judged).toList();
    }

    /** Learns from a night. */
    void learn(Tonight tonight) {
        expectations(tonight)
                .forEach(count ->
                        rates.merge(count.slice(), Rate.UNKNOWN.after(count), (known, any) -> known.after(count)));
    }

    /** Without the probability, which learning does not need. */
    private List<Count> expectations(Tonight tonight) {
        double usual = usualUps();
        return tonight.series().stream()
                .map(series -> expectation(series, usual))
                .flatMap(Optional::stream)
                .toList();
    }

    private double usualUps() {
        List<Double> own = rates.values().stream()
                .filter(rate -> rate.squares > ENOUGH)
                .map(Rate::ups)
                .toList();
        return own.size() >= ENOUGH_SLICES ? Numbers.median(own) : USUAL_UPS;
    }

    private Optional<Count> expectation(Series series, double usual) {
        return rule.counting().count(series.past(), series.state()).map(counted -> {
            Rate rate = rates.getOrDefault(series.slice(), Rate.UNKNOWN);
            double occurrences = rule.occurrences() + rate.found;
            double expected = counted.of() * occurrences / (rule.documents() + rate.of);
            double ups = (Math.max(0, rate.surplus) + WEIGHT_OF_OTHERS * usual) / (rate.squares + WEIGHT_OF_OTHERS);
            return new Count(
                    series.slice(), rule, counted, occurrences, expected, Math.max(LEAST_UPS, ups), Double.NaN);
        });
    }

    private Count judged(Count count) {
        return new Count(
                count.slice(), rule, count.counted(), count.occurrences(), count.expected(), count.ups(), p(count));
    }

    private double p(Count count) {
        RateMixture mixture = new RateMixture(count.occurrences(), count.expected(), count.ups());
        Counted counted = count.counted();
        double upper = mixture.upper(counted.found());
        return rule.direction() == Direction.UP
                ? upper
                : Math.min(1, 2 * Math.min(upper, mixture.lower(counted.found())));
    }
}
