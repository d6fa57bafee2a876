package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code cross-entropy}: the cross-entropy of all of tonight's tokens, in which long documents weigh more, against its forecast.
 *
 * <p>R = Σnll / Σn, v = (Σnll² − 2R Σn·nll + R² Σn²) / (Σn)² · N / (N − 1): the variance of a ratio of two sums.
 */
final class CrossEntropy implements ForecastRule {
    @Override
    public String name() {
        return "cross-entropy";
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
        SliceState.Sums sums = tonight.sums();
        double documents = tonight.scored();
        double tokens = sums.n();
        double ratio = sums.nll() / tokens;
        double squares =
                Math.max(sums.nll2() - 2 * ratio * sums.nNll() + ratio * ratio * sums.n2(), Level.LEAST_VARIANCE);
        return Optional.of(new Measured(ratio, squares / (tokens * tokens) * documents / (documents - 1)));
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
