package dev.cloze.hub;

import java.time.Duration;

/**
 * For how long a hub is waited for.
 *
 * @param connection until it takes a connection
 * @param answer until an answer begins
 * @param body until the next part of an answer must be there
 * @param pause waits between attempts
 */
record Patience(Duration connection, Duration answer, Duration body, Pause pause) {
    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    static Patience usual() {
        return new Patience(
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                time -> Thread.sleep(time.toMillis()));
    }
}
