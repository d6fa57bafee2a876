package dev.cloze.stats.judge;

import dev.cloze.stats.judge.CountRule.Counted;
import dev.cloze.stats.night.Slice;

/**
 * A count of tonight against how many were expected.
 *
 * @param counted K of M
 * @param occurrences A: occurrences that the rate is known from
 * @param expected μ
 * @param ups κ: how much the rate usually goes up and down, as a squared share of itself
 * @param p the probability of a count as unusual as this
 */
public record Count(
        Slice slice, CountRule by, Counted counted, double occurrences, double expected, double ups, double p)
        implements Check {
    private static final double LEAST_DOCUMENTS = 3;

    @Override
    public String rule() {
        return by.name();
    }

    /** (K − μ) / √(μ + κμ²). */
    @Override
    public double z() {
        return (counted.found() - expected) / deviation();
    }

    double deviation() {
        return Math.sqrt(expected + ups * expected * expected);
    }

    @Override
    public boolean reachesFloor() {
        return Math.abs(counted.found() - expected) >= LEAST_DOCUMENTS;
    }
}
