package dev.cloze.stats.judge;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code spread}: how far easy and hard documents lie apart tonight, against its forecast, on the logarithm.
 *
 * <p>y = ln(q₉₀ − q₁₀) of the documents' cross-entropies, read off the bins of 0.02 nats and at least one bin; v = 1.2/N.
 */
final class Spread implements ForecastRule {
    private static final double VARIANCE_OF_A_DOCUMENT = 1.2;
    private static final long TENTHS = 10;

    @Override
    public String name() {
        return "spread";
    }

    @Override
    public double defaultMovement() {
        return 0.06;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        if (tonight.scored() < FEWEST_DOCUMENTS) {
            return Optional.empty();
        }
        Histogram histogram = tonight.histogram();
        int bins = Math.max(1, histogram.border(TENTHS - 1, TENTHS) - histogram.border(1, TENTHS));
        return Optional.of(new Measured(Math.log(bins * Histogram.WIDTH), VARIANCE_OF_A_DOCUMENT / tonight.scored()));
    }
}
