package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code volume}: the number of tonight's documents against its forecast, on the logarithm.
 *
 * <p>y = ln N, v = 1/N as of a Poisson count, v₀ = exp(−ŷ): of the count that was expected.
 */
final class Volume implements ForecastRule {
    @Override
    public String name() {
        return "volume";
    }

    @Override
    public double defaultMovement() {
        return 0.25;
    }

    /** 10 %. */
    @Override
    public double floor() {
        return 0.10;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        double documents = tonight.documents();
        return documents == 0 ? Optional.empty() : Optional.of(new Measured(Math.log(documents), 1 / documents));
    }

    @Override
    public double undisturbedVariance(Past past, SliceState tonight, double forecast, Measured measured) {
        return Math.exp(-forecast);
    }
}
