package dev.cloze.stats.judge;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Beta;

/**
 * The probability of a count whose rate is uncertain twice: as well as A occurrences tell it, and because it goes up and down from night to
 * night. The second is t with 20 degrees of freedom on the logarithm, heavier than a negative binomial would have it.
 *
 * <pre>
 * σ² = ln(1 + κ),   λ_i = μ exp(σ x_i − σ²/2),   x_i = 121 points from −12 to 12,   w_i ∝ density of t₂₀
 * P(count ≥ K) = Σ w_i I(λ_i/(A + λ_i); K, A),   P(count ≤ K) = Σ w_i (1 − I(λ_i/(A + λ_i); K + 1, A))
 * </pre>
 *
 * I is the regularized incomplete beta function.
 */
final class RateMixture {
    private static final int POINTS = 121;
    private static final double REACH = 12;
    private static final double FREEDOM = 20;
    private static final double[] X = IntStream.range(0, POINTS)
            .mapToDouble(i -> -REACH + i * 2 * REACH / (POINTS - 1))
            .toArray();
    private static final double[] WEIGHTS = weights();

    private final double occurrences;
    private final double[] rates;

    /**
     * @param occurrences A
     * @param expected μ
     * @param ups κ
     */
    RateMixture(double occurrences, double expected, double ups) {
        this.occurrences = occurrences;
        double variance = Math.log1p(ups);
        this.rates = Arrays.stream(X)
                .map(x -> expected * Math.exp(Math.sqrt(variance) * x - variance / 2))
                .toArray();
    }

    private static double[] weights() {
        double[] density = Arrays.stream(X)
                .map(x -> Math.pow(1 + x * x / FREEDOM, -(FREEDOM + 1) / 2))
                .toArray();
        double sum = Arrays.stream(density).sum();
        return Arrays.stream(density).map(each -> each / sum).toArray();
    }

    /** P(count ≥ {@code count}). */
    double upper(long count) {
        return count == 0
                ? 1
                : IntStream.range(0, POINTS)
                        .mapToDouble(i -> WEIGHTS[i] * Beta.regularizedBeta(share(i), count, occurrences))
                        .sum();
    }

    /** P(count ≤ {@code count}). */
    double lower(long count) {
        return IntStream.range(0, POINTS)
                .mapToDouble(i -> WEIGHTS[i]
                        * Beta.regularizedBeta(occurrences / (occurrences + rates[i]), occurrences, count + 1.0))
                .sum();
    }

    private double share(int i) {
        return rates[i] / (occurrences + rates[i]);
    }
}
