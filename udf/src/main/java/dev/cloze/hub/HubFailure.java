package dev.cloze.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An answer of the hub that may be better the next time. */
final class HubFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration pause;

    HubFailure(String why) {
        this(why, Optional.empty());
    }

    HubFailure(String why, Exception cause) {
        super(why, cause);
        this.pause = null;
    }

    /** @param pause for how long the hub wants to be left alone, when it says so */
    HubFailure(String why, Optional<Duration> pause) {
        super(why);
        this.pause = pause.orElse(null);
    }

    /** For how long the hub wants to be left alone, when it says so. */
    Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }
}
