package dev.cloze.stats.simulation;

import java.util.SplittableRandom;

/** Draws of counts. */
final class Chance {
    private static final double LARGE = 200;

    private Chance() {}

    /** A count with this mean; from the normal distribution where it is large. */
    static long poisson(SplittableRandom random, double mean) {
        if (mean > LARGE) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        long count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
