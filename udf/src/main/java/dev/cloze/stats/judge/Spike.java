package dev.cloze.stats.judge;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code spike}: more documents with the very same cross-entropy than a smooth distribution has, as copies, templates and boilerplate
 * make.
 *
 * <p>y = ln(1 + max_b (h_b − m_b) / √(m_b + 1)), where h are tonight's documents in bins of 0.02 nats, and m those of the last 28 nights,
 * smoothed by (1, 2, 3, 2, 1)/9 and scaled to as many as tonight. v = 0. Only upwards. A maximum has a heavier tail, so ν ≤ 15.
 */
final class Spike implements ForecastRule {
    @Override
    public String name() {
        return "spike";
    }

    @Override
    public double defaultMovement() {
        return 0.3;
    }

    @Override
    public double mostFreedom() {
        return 15;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        return tonight.scored() < FEWEST_DOCUMENTS
                ? Optional.empty()
                : past.pooled().map(usual -> new Measured(Math.log1p(highest(tonight.histogram(), usual)), 0));
    }

    private static double highest(Histogram tonight, Histogram usual) {
        double scale = (double) tonight.total() / usual.total();
        double highest = 0;
        for (int bin = tonight.first(); bin < tonight.end(); bin++) {
            double expected = usual.smoothed(bin) * scale;
            highest = Math.max(highest, (tonight.count(bin) - expected) / Math.sqrt(expected + 1));
        }
        return highest;
    }

    @Override
    public double p(double freedom, double z) {
        return StudentT.upper(freedom, z);
    }
}
