package dev.cloze.scoring;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;

/** Sums of what was counted. Safe to count from several threads, and to read meanwhile. Not a record: Kryo cannot read those. */
public final class Metrics implements Meter, Serializable {
    private static final long serialVersionUID = 1L;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLongArray sums = new AtomicLongArray(Metric.values().length);

    @Override
    public void add(Metric metric, long amount) {
        sums.addAndGet(metric.ordinal(), amount);
    }

    /** Adds all of {@code other}. */
    public void add(Metrics other) {
        for (Metric metric : Metric.values()) {
            add(metric, other.of(metric));
        }
    }

    public long of(Metric metric) {
        return sums.get(metric.ordinal());
    }

    /** A metric that counts time, in seconds. */
    public double seconds(Metric metric) {
        return of(metric) / NANOS;
    }

    public boolean isZero() {
        return Arrays.stream(Metric.values()).allMatch(metric -> of(metric) == 0);
    }

    /** The same sums, which do not change any more. */
    public Metrics copy() {
        Metrics copy = new Metrics();
        copy.add(this);
        return copy;
    }

    /** Padding ÷ (tokens + padding), 0 when nothing was read. */
    public double paddingShare() {
        return of(Metric.PADDING) / (double) Math.max(1, of(Metric.TOKENS) + of(Metric.PADDING));
    }

    /**
     * Tokens, without padding, for each second that a core spent with the texts and in the model; 0 when it spent none.
     *
     * @param taskCores cores that a task computes with
     */
    public double tokensPerSecond(int taskCores) {
        double seconds = seconds(Metric.TOKENIZE) + seconds(Metric.PLAN) + seconds(Metric.RUN) + seconds(Metric.WRITE);
        return seconds == 0 ? 0 : of(Metric.TOKENS) / (seconds * taskCores);
    }

    /** As Spark's pages show it. */
    @Override
    public String toString() {
        return Arrays.stream(Metric.values())
                .map(metric -> metric.name().toLowerCase(Locale.ROOT) + " " + of(metric))
                .collect(Collectors.joining(", "));
    }
}
