package dev.cloze.job.audit;

import dev.cloze.stats.judge.Decision;
import dev.cloze.stats.judge.Decision.Scope;
import dev.cloze.stats.night.Slice;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * {@code decisions/<time>-<uuid>.json}: what a person decided.
 *
 * @param format of the file
 * @param decision accept, excuse, mute or pin
 * @param time when it was decided, ISO 8601
 * @param author who decided it
 * @param note why
 * @param from the first night; null for a mute, which holds from the day of its time on
 * @param to the last night; of a mute the day on which it ends
 * @param slice values of the columns of slices; null for all, empty for the whole corpus
 * @param rule null for all
 */
record DecisionRecord(
        int format,
        Kind decision,
        String time,
        String author,
        String note,
        String from,
        String to,
        List<String> slice,
        String rule) {

    /** What may be decided. */
    enum Kind {
        ACCEPT,
        EXCUSE,
        MUTE,
        PIN
    }

    /** This, when it says something. */
    DecisionRecord whole() {
        decided();
        return this;
    }

    /** As the judging knows it. */
    Decision decided() {
        Scope scope = new Scope(Optional.ofNullable(slice).map(Slice::new), Optional.ofNullable(rule));
        return switch (decision) {
            case ACCEPT -> new Decision.Accept(LocalDate.parse(from), scope);
            case EXCUSE -> new Decision.Excuse(LocalDate.parse(from), LocalDate.parse(to));
            case MUTE -> new Decision.Mute(scope, day(), LocalDate.parse(to));
            case PIN -> new Decision.Pin(LocalDate.parse(from), LocalDate.parse(to));
        };
    }

    /** On which it was decided, in UTC. */
    private LocalDate day() {
        return Instant.parse(time).atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
