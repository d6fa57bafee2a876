package dev.cloze.hub;

import java.time.Duration;

/** Receives messages about what takes time. */
@FunctionalInterface
public interface ProgressListener {
    /** How often to tell of progress where every message is kept. */
    Duration REPORT = Duration.ofSeconds(10);

    void say(String message);

    /** What is being done now: may replace the last message of this kind. */
    default void progress(String line) {
        say(line);
    }

    /** Nothing more comes after the last {@link #progress}. */
    default void endProgress() {
        // Messages that are kept have no end.
    }

    /** How often to tell of progress. */
    default Duration pace() {
        return REPORT;
    }
}
