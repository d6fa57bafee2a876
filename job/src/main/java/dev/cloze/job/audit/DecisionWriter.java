package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.job.audit.DecisionRecord.Kind;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.night.Slice;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
public record DecisionWriter(AuditHistory history, Clock clock, String author, String note, Terminal terminal) {

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
        requireNight(date, date);
        write(Kind.ACCEPT, date.toString(), date.toString(), about);
    }

    /** The nights from {@code first} to {@code last}, which may be still to come, are left out of what later ones are judged by. */
    public void excuse(LocalDate first, LocalDate last) {
        if (!last.isAfter(today())) {
            requireNight(first, last);
        }
        write(Kind.EXCUSE, first.toString(), last.toString(), About.EVERYTHING);
    }

    /** What is found on nights from today to {@code last} does not count for the exit code. */
    public void mute(LocalDate last, About about) {
        if (last.isBefore(today())) {
            throw ClozeException.user(
                    "mute findings until " + last,
                    "that day is over, and a mute holds from today on",
                    "name a later --until, or leave a past night out with cloze audit excuse");
        }
        write(Kind.MUTE, null, last.toString(), about);
    }

    /** The level of the nights from {@code first} to {@code last} is what later weeks are compared with. */
    public void pin(LocalDate first, LocalDate last) {
        requireNight(first, last);
        write(Kind.PIN, first.toString(), last.toString(), About.EVERYTHING);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private void requireNight(LocalDate first, LocalDate last) {
        List<LocalDate> dates = history.dates();
        if (dates.stream().noneMatch(date -> !date.isBefore(first) && !date.isAfter(last))) {
            throw ClozeException.user(
                    "find the night " + (first.equals(last) ? first : first + ".." + last),
                    dates.isEmpty()
                            ? "the history has no night yet"
                            : "the history has nights from " + dates.get(0) + " to " + dates.get(dates.size() - 1)
                                    + ", and none then",
                    "name a night that cloze audit show lists");
        }
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
                "The decision is saved and applies to all later verdicts. To apply it to existing ones: cloze audit"
                        + " rejudge --history " + history.files().name() + " --from " + (from == null ? "…" : from));
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
        history.sliceBy().forEach(column -> values.add(value(slice.get(column))));
        requireKnown(new Slice(values));
        return values;
    }

    private static String value(String typed) {
        return typed.equals(Slice.NONE) ? null : typed;
    }

    private void requireKnown(Slice slice) {
        Set<Slice> known = history.slices();
        if (!known.contains(slice)) {
            List<String> labels = known.stream()
                    .filter(other -> !other.isCorpus())
                    .map(Slice::label)
                    .toList();
            throw ClozeException.user(
                    "find the slice " + slice.label(),
                    "no night of the history has judged it",
                    NearMiss.of(slice.label(), labels)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("name one that cloze audit show --date DATE lists"));
        }
    }
}
