package dev.cloze.stats.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A figure that wanders about 0 and remembers 85 % of the night before: an autoregressive process. */
final class Wandering {
    private static final double MEMORY = 0.85;

    private final double innovation;
    private final SplittableRandom random;
    private final List<Double> values = new ArrayList<>();

    /** @param deviation of the figure over many nights */
    Wandering(double deviation, long seed) {
        this.innovation = deviation * Math.sqrt(1 - MEMORY * MEMORY);
        this.random = new SplittableRandom(seed);
        values.add(deviation * random.nextGaussian());
    }

    double at(int night) {
        while (values.size() <= night) {
            values.add(MEMORY * values.get(values.size() - 1) + innovation * random.nextGaussian());
        }
        return values.get(night);
    }
}
