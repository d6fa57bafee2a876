package dev.cloze.scoring;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;

/** Sums of what was counted. Safe to count from several threads, and to read meanwhile. Not a record: Kryo cannot read those. */
public final class Figures implements Meter, Serializable {
    private static final long serialVersionUID = 1L;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLongArray sums = new AtomicLongArray(Figure.values().length);

    @Override
    public void add(Figure figure, long amount) {
        sums.addAndGet(figure.ordinal(), amount);
    }

    /** Adds all of {@code other}. */
    public void add(Figures other) {
        for (Figure figure : Figure.values()) {
            add(figure, other.of(figure));
        }
    }

    public long of(Figure figure) {
        return sums.get(figure.ordinal());
    }

    /** A figure that counts time, in seconds. */
    public double seconds(Figure figure) {
        return of(figure) / NANOS;
    }

    public boolean isZero() {
        return Arrays.stream(Figure.values()).allMatch(figure -> of(figure) == 0);
    }

    /** The same sums, which do not change any more. */
    public Figures copy() {
        Figures copy = new Figures();
        copy.add(this);
        return copy;
    }

    /** Padding ÷ (tokens + padding), 0 when nothing was read. */
    public double paddingShare() {
        return of(Figure.PADDING) / (double) Math.max(1, of(Figure.TOKENS) + of(Figure.PADDING));
    }

    /**
     * Tokens, without padding, for each second that a core spent with the texts and in the model; 0 when it spent none.
     *
     * @param taskCores cores that a task computes with
     */
    public double tokensPerSecond(int taskCores) {
        double seconds = seconds(Figure.TOKENIZE) + seconds(Figure.PLAN) + seconds(Figure.RUN) + seconds(Figure.WRITE);
        return seconds == 0 ? 0 : of(Figure.TOKENS) / (seconds * taskCores);
    }

    /** As Spark's pages show it. */
    @Override
    public String toString() {
        return Arrays.stream(Figure.values())
                .map(figure -> figure.name().toLowerCase(Locale.ROOT) + " " + of(figure))
                .collect(Collectors.joining(", "));
    }
}
