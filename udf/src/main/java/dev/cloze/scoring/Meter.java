package dev.cloze.scoring;

import java.util.function.Supplier;

/** Receives what is counted while documents are scored. Several threads may count at once. */
@FunctionalInterface
public interface Meter {
    /** Counts nothing. */
    Meter NONE = (figure, amount) -> {};

    void add(Figure figure, long amount);

    /** Counts here and there. */
    default Meter and(Meter other) {
        return (figure, amount) -> {
            add(figure, amount);
            other.add(figure, amount);
        };
    }

    /** The same, but {@code unwanted} is not counted. */
    default Meter but(Figure unwanted) {
        return (figure, amount) -> {
            if (figure != unwanted) {
                add(figure, amount);
            }
        };
    }

    /** What {@code work} gives; the time it takes is counted, however it ends. */
    default <T> T timed(Figure figure, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            add(figure, System.nanoTime() - started);
        }
    }
}
