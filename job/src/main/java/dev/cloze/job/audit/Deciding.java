package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.audit.DecisionRecord.Kind;
import dev.cloze.job.terminal.Terminal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes down what a person decided. Verdicts that are there stay; decisions count for those that are made later.
 *
 * @param author who decides
 * @param note why
 */
public record Deciding(AuditHistory history, Clock clock, String author, String note, Terminal terminal) {

    /**
     * What a decision is about.
     *
     * @param slice values by the columns of slices; absent for all, empty for the whole corpus
     * @param rule absent for all
     */
    public record About(Optional<Map<String, String>> slice, Optional<String> rule) {
        /** All slices and all rules. */
        public static final About EVERYTHING = new About(Optional.empty(), Optional.empty());
    }

    /** The level of the night {@code date} is normal from then on. */
    public void accept(LocalDate date, About about) {
        write(Kind.ACCEPT, date.toString(), date.toString(), about);
    }

    /** The nights from {@code first} to {@code last} are left out of what later ones are judged by. */
    public void excuse(LocalDate first, LocalDate last) {
        write(Kind.EXCUSE, first.toString(), last.toString(), About.EVERYTHING);
    }

    /** What is found until the end of the day {@code last} does not count for the exit code. */
    public void mute(LocalDate last, About about) {
        write(Kind.MUTE, null, last.toString(), about);
    }

    /** The level of the nights from {@code first} to {@code last} is what later weeks are compared with. */
    public void pin(LocalDate first, LocalDate last) {
        write(Kind.PIN, first.toString(), last.toString(), About.EVERYTHING);
    }

    private void write(Kind kind, String from, String to, About about) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        history.decide(
                new DecisionRecord(
                        HistoryRecord.FORMAT,
                        kind,
                        now.toString(),
                        author,
                        note,
                        from,
                        to,
                        about.slice.map(this::values).orElse(null),
                        about.rule.orElse(null)),
                now);
        terminal.say(
                "it is written down, and counts for all verdicts from now on; verdicts that are there are made anew by"
                        + " cloze audit rejudge");
    }

    /** In the order of the columns. */
    private List<String> values(Map<String, String> slice) {
        if (slice.isEmpty()) {
            return List.of();
        }
        if (!slice.keySet().equals(Set.copyOf(history.sliceBy()))) {
            throw ClozeException.user(
                    "find the slice " + slice,
                    "slices of this history are by "
                            + (history.sliceBy().isEmpty() ? "no column" : String.join(", ", history.sliceBy())),
                    "give --slice a value of each of these columns");
        }
        List<String> values = new ArrayList<>();
        history.sliceBy().forEach(column -> values.add(slice.get(column)));
        return values;
    }
}
