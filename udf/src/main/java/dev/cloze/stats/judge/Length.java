package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code length}: the mean number of scored tokens of tonight's documents against its forecast, on the logarithm.
 *
 * <p>y = ln m with m = Σn / N, v = (Σn²/N − m²) / (N m²).
 */
final class Length implements ForecastRule {
    @Override
    public String name() {
        return "length";
    }

    @Override
    public double defaultMovement() {
        return 0.08;
    }

    /** 3 %. */
    @Override
    public double floor() {
        return 0.03;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        if (tonight.scored() < FEWEST_DOCUMENTS) {
            return Optional.empty();
        }
        double documents = tonight.scored();
        double mean = tonight.sums().n() / documents;
        double variance = Math.max(tonight.sums().n2() / documents - mean * mean, Level.LEAST_VARIANCE);
        return Optional.of(new Measured(Math.log(mean), variance / (documents * mean * mean)));
    }

    @Override
    public double undisturbedVariance(Past past, SliceState tonight, double forecast, Measured measured) {
        return UsualVariance.of(this, past, tonight, measured.v());
    }

    /** (Σn)² / Σn². */
    @Override
    public double effectiveDocuments(SliceState tonight) {
        return Numbers.square(tonight.sums().n()) / tonight.sums().n2();
    }
}
