package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;

/**
 * A figure of tonight against its forecast.
 *
 * @param k earlier nights that had a value of this rule, at least one
 * @param measured y and v: tonight's figure and its sampling variance
 * @param expected ŷ
 * @param error e = y − ŷ
 * @param undisturbed v₀: the sampling variance that the figure would have if nothing had happened
 * @param movement what is known of how much the figure moves from night to night
 * @param freedom ν′ of the judgement
 * @param z e / √(v₀ + τ²)
 * @param p the probability of an error as unusual as this
 * @param learning what the forecast learns from tonight
 */
public record Forecast(
        Slice slice,
        ForecastRule by,
        int k,
        ForecastRule.Measured measured,
        double expected,
        double error,
        double undisturbed,
        Movement movement,
        double freedom,
        double z,
        double p,
        Learning learning)
        implements Check {
    /** Of a test that finds what it looks for in 80 of 100 nights. */
    private static final double POWER_OF_80_PERCENT = 0.84;

    /** What a forecast does with a night. */
    public enum Learning {
        /** The night moves the forecast. */
        LEARNED,
        /** The night is too unusual to be believed: the forecast stays. */
        HELD,
        /** The last of a row of unusual nights that nobody answered: their level is the new one. */
        ADOPTED
    }

    /**
     * How much a figure moves from night to night, beside what sampling does.
     *
     * @param ownVariance τ̂²: of this slice alone
     * @param errors n: forecast errors that it is from
     * @param variance τ²: of this slice, shrunk towards the median of all
     * @param freedom ν
     */
    public record Movement(double ownVariance, int errors, double variance, double freedom) {}

    /**
     * The range in which tonight's figure would have been called usual.
     *
     * @param notice the change that would be noticed in 80 of 100 nights
     */
    public record Range(double low, double high, double notice) {}

    @Override
    public String rule() {
        return by.name();
    }

    @Override
    public boolean reachesFloor() {
        return Math.abs(error) >= by.floor();
    }

    /** √(v₀ + τ²). */
    public double standardError() {
        return Math.sqrt(undisturbed + movement.variance);
    }

    /**
     * ŷ ± t·√(v₀ + τ²), and (t + 0.84)·√(v₀ + τ²), where P(|t| > t_crit) = rate / tests.
     *
     * @param tests of the night
     */
    public Range range(double rate, int tests) {
        double critical = StudentT.critical(freedom, rate / tests);
        double reach = critical * standardError();
        return new Range(expected - reach, expected + reach, (critical + POWER_OF_80_PERCENT) * standardError());
    }
}
