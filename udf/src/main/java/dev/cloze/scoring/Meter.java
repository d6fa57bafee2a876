package dev.cloze.scoring;

import java.util.function.Supplier;

/** Receives what is counted while documents are scored. Several threads may count at once. */
@FunctionalInterface
public interface Meter {
    /** Counts nothing. */
    Meter NONE = (metric, amount) -> {};

    void add(Metric metric, long amount);

    /** Counts here and there. */
    default Meter and(Meter other) {
        return (metric, amount) -> {
            add(metric, amount);
            other.add(metric, amount);
        };
    }

    /** The same, but {@code unwanted} is not counted. */
    default Meter but(Metric unwanted) {
        return (metric, amount) -> {
            if (metric != unwanted) {
                add(metric, amount);
            }
        };
    }

    /** What {@code work} gives; the time it takes is counted, however it ends. */
    default <T> T timed(Metric metric, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            add(metric, System.nanoTime() - started);
        }
    }
}
