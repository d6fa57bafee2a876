package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;
import java.util.Optional;

/**
 * Something that was found on a night.
 *
 * @param rule its name
 * @param p of the test; 0 for an absolute rule
 * @param z of the test; infinite for an absolute rule
 * @param state what it counts for
 * @param why it has this state
 * @param check the test; absent for an absolute rule
 * @param muted whether somebody said that it is not to count for now
 */
public record Finding(
        Slice slice, String rule, double p, double z, State state, Why why, Optional<Check> check, boolean muted) {

    /** What a finding counts for. */
    public enum State {
        DRIFT,
        WATCH
    }

    /** Why a finding is drift, or watch and no more. */
    public enum Why {
        /** It is so improbable that hardly any quiet night has such a finding. */
        DRIFT_RATE,
        /** It is improbable, but quiet nights have such findings. */
        WATCH_RATE,
        /** It would be drift, but the slice has too few nights behind it. */
        YOUNG,
        /** It would be drift, but the change is too small to matter. */
        FLOOR,
        /** A fixed limit. */
        ABSOLUTE
    }

    static Finding absolute(Slice slice, String rule, State state) {
        return new Finding(slice, rule, 0, Double.POSITIVE_INFINITY, state, Why.ABSOLUTE, Optional.empty(), false);
    }

    static Finding of(Check check, State state, Why why) {
        return new Finding(check.slice(), check.rule(), check.p(), check.z(), state, why, Optional.of(check), false);
    }

    Finding withoutEffect() {
        return new Finding(slice, rule, p, z, state, why, check, true);
    }

    /** Whether it counts for the exit code. */
    public boolean isDrift() {
        return state == State.DRIFT && !muted;
    }
}
