package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.List;
import java.util.Optional;

/** v₀ of the rules whose sampling variance is that of a mean. */
final class UsualVariance {
    private static final double MOST_MEDIANS = 4;

    private UsualVariance() {}

    /**
     * v₀ = mean of min(x, 4 median(x)) / N tonight, over x = v·N of the last 28 nights that have a value; tonight's own v where there is no
     * such night.
     */
    static double of(ForecastRule rule, Past past, SliceState tonight, double otherwise) {
        List<Double> variances = past.last(Past.POOL).stream()
                .map(night -> rule.measure(past, night).map(value -> value.v() * night.scored()))
                .flatMap(Optional::stream)
                .toList();
        if (variances.isEmpty()) {
            return otherwise;
        }
        double most = MOST_MEDIANS * Numbers.median(variances);
        return Numbers.mean(variances.stream().map(x -> Math.min(x, most)).toList()) / tonight.scored();
    }
}
