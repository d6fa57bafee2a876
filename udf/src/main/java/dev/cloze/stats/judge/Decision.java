package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.Optional;

/** What a person decided about nights, slices and rules. */
public sealed interface Decision {

    /**
     * A part of the checks.
     *
     * @param slice all when absent
     * @param rule all when absent
     */
    record Scope(Optional<Slice> slice, Optional<String> rule) {
        boolean covers(Slice other, String name) {
            return slice.map(other::equals).orElse(true)
                    && rule.map(name::equals).orElse(true);
        }
    }

    /** From {@code date} on the new level is normal. */
    record Accept(LocalDate date, Scope scope) implements Decision {}

    /** These nights, the first and the last included, are left out of what later nights are judged by. */
    record Excuse(LocalDate first, LocalDate last) implements Decision {
        boolean covers(LocalDate date) {
            return !date.isBefore(first) && !date.isAfter(last);
        }
    }

    /** From {@code from} until {@code until}, both included, findings do not count for the exit code. */
    record Mute(Scope scope, LocalDate from, LocalDate until) implements Decision {
        boolean covers(Finding finding, LocalDate date) {
            return !date.isBefore(from) && !date.isAfter(until) && scope.covers(finding.slice(), finding.rule());
        }
    }

    /** The mean level of these nights, the first and the last included, is what the level of later weeks is compared with. */
    record Pin(LocalDate first, LocalDate last) implements Decision {
        boolean covers(LocalDate date) {
            return !date.isBefore(first) && !date.isAfter(last);
        }
    }
}
