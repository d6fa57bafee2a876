package dev.cloze.stats.judge;

import org.apache.commons.math3.distribution.TDistribution;

/** Probabilities of Student's t with any positive number of degrees of freedom. */
final class StudentT {
    private static final double ACCURACY = 1e-13;

    private StudentT() {}

    /** P(|t| > |z|) for {@code freedom} degrees of freedom. */
    static double twoSided(double freedom, double z) {
        return 2 * of(freedom).cumulativeProbability(-Math.abs(z));
    }

    /** P(t > z). */
    static double upper(double freedom, double z) {
        return of(freedom).cumulativeProbability(-z);
    }

    /** The t that |t| exceeds with probability {@code p}. */
    static double critical(double freedom, double p) {
        return -of(freedom).inverseCumulativeProbability(p / 2);
    }

    private static TDistribution of(double freedom) {
        return new TDistribution(null, freedom, ACCURACY);
    }
}
