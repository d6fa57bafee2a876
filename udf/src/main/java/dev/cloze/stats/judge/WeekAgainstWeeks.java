package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;

/**
 * {@code trend}: this week's level against the eight weeks before.
 *
 * @param difference D, nats
 * @param usual s: how much weeks usually differ
 * @param weeks n: earlier differences that this is known from
 * @param freedom ν
 * @param z D / s
 * @param p the probability of a difference as unusual as this
 */
public record WeekAgainstWeeks(
        Slice slice, double difference, double usual, int weeks, double freedom, double z, double p) implements Check {
    /** The rule's name. */
    public static final String TREND = "trend";

    private static final double FLOOR = 0.01;

    @Override
    public String rule() {
        return TREND;
    }

    @Override
    public boolean reachesFloor() {
        return Math.abs(difference) >= FLOOR;
    }
}
