package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.List;
import java.util.Optional;

/**
 * A figure of a night that is forecast from the nights before. What differs from rule to rule: the figure, its sampling variance, and how
 * much it usually moves.
 */
public interface ForecastRule {
    /** All of them, in the order of the documentation. */
    List<ForecastRule> ALL = List.of(
            new Level(), new CrossEntropy(), new Length(), new Volume(), new Stock(), new Spread(), new Spike());

    /** Fewer documents have no level. */
    long FEWEST_DOCUMENTS = 10;

    /**
     * A figure.
     *
     * @param y its value
     * @param v its sampling variance: what chance would do if the same documents were drawn again
     */
    record Measured(double y, double v) {}

    String name();

    /** τ, the usual movement from night to night, as long as too few slices tell it. */
    double defaultMovement();

    /** The smallest |e| that is called drift. */
    default double floor() {
        return 0;
    }

    /** The largest number of degrees of freedom: small where values have heavier tails. */
    default double mostFreedom() {
        return 40;
    }

    /** Tonight's figure; absent where there is none, such as of too few documents. */
    Optional<Measured> measure(Past past, SliceState tonight);

    /**
     * v₀: the sampling variance that tonight's figure would have if nothing had happened. Not tonight's own, which damage widens.
     *
     * @param forecast ŷ
     * @param measured tonight's figure
     */
    default double undisturbedVariance(Past past, SliceState tonight, double forecast, Measured measured) {
        return measured.v();
    }

    /** N_e: as many documents of equal weight would have this sampling variance. */
    default double effectiveDocuments(SliceState tonight) {
        return tonight.scored();
    }

    /** The probability of an error as unusual as {@code z} standard errors. */
    default double p(double freedom, double z) {
        return StudentT.twoSided(freedom, z);
    }
}
