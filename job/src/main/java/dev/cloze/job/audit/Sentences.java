package dev.cloze.job.audit;

import dev.cloze.stats.judge.Check;
import dev.cloze.stats.judge.Count;
import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.judge.Forecast;
import dev.cloze.stats.judge.Verdict;
import dev.cloze.stats.judge.WeekAgainstWeeks;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Findings in plain English.
 *
 * @param sliceBy columns that slices are made by
 * @param verdict that the findings are of
 * @param states of tonight
 */
record Sentences(List<String> sliceBy, Verdict verdict, Map<Slice, SliceState> states) {
    /** The first night that may be ok. */
    private static final int WARM = 15;

    /** What is to be said first. */
    String first() {
        List<Finding> counting =
                verdict.findings().stream().filter(finding -> !finding.muted()).toList();
        if (counting.isEmpty()) {
            return verdict.findings().isEmpty()
                    ? quiet()
                    : muted(verdict.findings().size());
        }
        String more = counting.size() == 1 ? "" : " " + more(counting.size() - 1);
        return of(counting.get(0)) + since(counting.get(0)) + more;
    }

    private static String more(int others) {
        return others == 1 ? "One more check found something." : others + " more checks found something.";
    }

    private static String muted(int findings) {
        return "Nothing that counts was found; "
                + (findings == 1 ? "1 finding is muted." : findings + " findings are muted.");
    }

    private String quiet() {
        if (verdict.word() != Verdict.Word.WARMING_UP) {
            return "Nothing was found by " + verdict.tests() + " checks.";
        }
        return verdict.nights() < WARM
                ? "Nothing was found; there are too few nights yet to find much (night " + (verdict.nights() + 1)
                        + " of " + WARM + ")."
                : "Nothing was found; no slice has " + (WARM - 1) + " nights with enough documents yet to find much.";
    }

    private String since(Finding finding) {
        LocalDate first = verdict.since().get(new Verdict.Incident(finding.slice(), finding.rule()));
        long nights = ChronoUnit.DAYS.between(first, verdict.date()) + 1;
        return nights == 1 ? "" : " Found on every night since " + first + ".";
    }

    /** A finding in a sentence. */
    String of(Finding finding) {
        String what = finding.check().map(this::of).orElseGet(() -> absolute(finding));
        return capital(name(finding.slice())) + ": " + what + ".";
    }

    private String absolute(Finding finding) {
        SliceState state = states.getOrDefault(finding.slice(), SliceState.EMPTY);
        return String.format(Locale.ROOT, RuleTexts.ABSOLUTE.get(finding.rule()), state.rows(), state.badRows());
    }

    private String of(Check check) {
        if (check instanceof Forecast forecast) {
            return of(forecast);
        }
        if (check instanceof Count count) {
            return of(count);
        }
        WeekAgainstWeeks trend = (WeekAgainstWeeks) check;
        return format("this week's level is %+.3f nats from that of the weeks before", trend.difference());
    }

    private static String of(Count count) {
        long of = count.counted().of();
        return format(
                "%s %% of its %s (%,d of %,d) %s, usually %s %%",
                Numerals.percent((double) count.counted().found() / of),
                count.rule().equals("bad-rows") ? "rows" : "documents",
                count.counted().found(),
                of,
                RuleTexts.COUNTED.get(count.rule()),
                Numerals.percent(count.expected() / of));
    }

    private String of(Forecast forecast) {
        Figure figure = Figure.of(forecast, verdict);
        return switch (forecast.rule()) {
            case "level" -> nats("the mean cross-entropy of its documents is", figure);
            case "cross-entropy" -> nats("the cross-entropy of all its tokens is", figure);
            case "length" ->
                format(
                        "its documents have %.0f scored tokens on average, usually %.0f to %.0f",
                        figure.value(), figure.low(), figure.high());
            case "volume" ->
                format("it has %,.0f documents, usually %,.0f to %,.0f", figure.value(), figure.low(), figure.high());
            case "stock" ->
                format(
                        "%,.0f documents are delivered, usually %,.0f to %,.0f",
                        figure.value(), figure.low(), figure.high());
            case "spread" ->
                format(
                        "its easy and hard documents lie %.2f nats apart, usually %.2f to %.2f",
                        figure.value(), figure.low(), figure.high());
            default -> "more documents than usual have the very same cross-entropy, as copies and templates have";
        };
    }

    private static String nats(String what, Figure figure) {
        return format("%s %.3f nats, usually %.3f to %.3f", what, figure.value(), figure.low(), figure.high());
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    /** {@code source forum}. */
    private String name(Slice slice) {
        return slice.isCorpus()
                ? slice.label()
                : IntStream.range(0, sliceBy.size())
                        .mapToObj(i ->
                                sliceBy.get(i) + " " + new Slice(slice.values().subList(i, i + 1)).label())
                        .collect(Collectors.joining(", "));
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
