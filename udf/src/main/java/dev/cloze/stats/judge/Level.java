package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code level}: the mean cross-entropy of tonight's documents against the forecast from the nights before.
 *
 * <p>y = Σc / N, v = (Σc²/N − y²) / (N − 1), where c is the cross-entropy of a document. Every document counts the same, so that a few
 * long ones do not decide.
 */
final class Level implements ForecastRule {
    /** Nothing is closer together than rounding. */
    static final double LEAST_VARIANCE = 1e-9;

    @Override
    public String name() {
        return "level";
    }

    @Override
    public double defaultMovement() {
        return 0.04;
    }

    @Override
    public double floor() {
        return 0.01;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        if (tonight.scored() < FEWEST_DOCUMENTS) {
            return Optional.empty();
        }
        double documents = tonight.scored();
        double y = tonight.sums().c() / documents;
        double variance = Math.max(tonight.sums().c2() / documents - y * y, LEAST_VARIANCE);
        return Optional.of(new Measured(y, variance / (documents - 1)));
    }

    @Override
    public double undisturbedVariance(Past past, SliceState tonight, double forecast, Measured measured) {
        return UsualVariance.of(this, past, tonight, measured.v());
    }
}
