package dev.cloze.stats.judge;

/**
 * How often quiet nights may be called unusual.
 *
 * @param drift share of the nights on which nothing happened that have a false drift
 * @param watch the same of a false watch
 */
public record Rates(double drift, double watch) {
    public static final Rates USUAL = new Rates(0.01, 0.10);
}
