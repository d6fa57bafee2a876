package dev.cloze.job.audit;

import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Table.Column;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.settings.Labels;
import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.judge.Forecast;
import dev.cloze.stats.judge.Verdict.Word;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Nights as a person reads them on a terminal.
 *
 * @param history that they belong to
 */
record NightView(AuditHistory history, Terminal terminal) {
    private static final int MOST_FINDINGS = 10;
    private static final Table SLICES = new Table(List.of(
            Column.text("slice"),
            Column.number("documents"),
            Column.number("nats"),
            Column.number("expected"),
            Column.number("would notice"),
            Column.text("found")));
    private static final Table NIGHTS = new Table(
            List.of(Column.text("night"), Column.number("documents"), Column.text("verdict"), Column.text("sentence")));

    /** A night that was judged just now. */
    void show(JudgedNight judged) {
        terminal.print(title(Labels.of(judged.verdict().word()), judged.night().date()));
        terminal.print(judged.sentences().first());
        terminal.print("");
        terminal.out()
                .print(terminal.render(
                        SLICES,
                        slices(judged).stream()
                                .map(slice -> line(judged, slice))
                                .toList()));
        findings(judged);
        if (judged.verdict().word() == Word.DRIFT) {
            commands(judged);
        }
    }

    private String title(String word, LocalDate date) {
        return word.toUpperCase(Locale.ROOT) + " · " + history.record().corpus() + " · "
                + date.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + " " + date;
    }

    /** A night that had its verdict before. */
    void sayAlready(VerdictRecord verdict) {
        showTitle(verdict);
        terminal.say("already audited: " + verdict.verdict()
                + "; nothing was written (a new verdict on the same documents: "
                + answers(LocalDate.parse(verdict.date())).rejudge() + ")");
    }

    void showTitle(VerdictRecord verdict) {
        terminal.print(title(verdict.verdict(), LocalDate.parse(verdict.date())));
        terminal.print(verdict.sentence());
    }

    /** Those with findings first, in their order, the whole corpus last. */
    private static Set<Slice> slices(JudgedNight judged) {
        Set<Slice> slices = new LinkedHashSet<>();
        judged.verdict().findings().stream()
                .map(Finding::slice)
                .filter(slice -> !slice.isCorpus())
                .forEach(slices::add);
        slices.addAll(judged.night().slices().keySet());
        slices.remove(Slice.CORPUS);
        slices.add(Slice.CORPUS);
        return slices;
    }

    private static List<String> line(JudgedNight judged, Slice slice) {
        SliceState state = judged.night().of(slice);
        Optional<Forecast> level = judged.verdict().forecasts().stream()
                .filter(forecast ->
                        forecast.slice().equals(slice) && forecast.rule().equals("level"))
                .findFirst();
        Optional<Figure> figure = level.map(forecast -> Figure.of(forecast, judged.verdict()));
        return List.of(
                slice.label(),
                format("%,d", state.documents()),
                state.scored() == 0 ? "-" : format("%.3f", state.sums().c() / state.scored()),
                figure.map(each -> format("%.3f to %.3f", each.low(), each.high()))
                        .orElse("-"),
                figure.map(each -> format("±%.3f", each.notice())).orElse("-"),
                found(judged, slice));
    }

    private static String found(JudgedNight judged, Slice slice) {
        List<String> rules = judged.verdict().findings().stream()
                .filter(finding -> finding.slice().equals(slice))
                .map(finding -> finding.rule() + mark(finding))
                .toList();
        return rules.isEmpty() ? "ok" : String.join(", ", rules);
    }

    private static String mark(Finding finding) {
        return finding.muted() ? " (muted)" : finding.isDrift() ? " (drift)" : " (watch)";
    }

    private void findings(JudgedNight judged) {
        List<Finding> findings = judged.verdict().findings();
        if (findings.size() < 2) {
            return;
        }
        terminal.print("");
        findings.stream()
                .limit(MOST_FINDINGS)
                .forEach(finding -> terminal.print(
                        state(finding) + "  " + judged.sentences().of(finding)));
        if (findings.size() > MOST_FINDINGS) {
            terminal.print("and " + (findings.size() - MOST_FINDINGS) + " more: see cloze audit show --date "
                    + judged.night().date());
        }
    }

    private static String state(Finding finding) {
        return finding.muted() ? "muted" : Labels.of(finding.state());
    }

    private void commands(JudgedNight judged) {
        Answers answers = answers(judged.night().date());
        terminal.print("");
        terminal.print("repaired:                run the same command again");
        acceptable(judged)
                .ifPresent(finding ->
                        terminal.print("this is the new normal:  " + answers.accept(finding.slice(), finding.rule())));
        terminal.print("ignore this night:       " + answers.excuse());
    }

    private Answers answers(LocalDate date) {
        return new Answers(history.files().name(), history.sliceBy(), date.toString());
    }

    /** The first finding that counts and is of a level that may be accepted. */
    private static Optional<Finding> acceptable(JudgedNight judged) {
        return judged.verdict().findings().stream()
                .filter(finding -> finding.isDrift() && Answers.isAcceptable(finding.rule()))
                .findFirst();
    }

    /** Verdicts on several nights, a line each. */
    void showNights(SortedMap<LocalDate, VerdictRecord> verdicts) {
        List<List<String>> lines = new ArrayList<>();
        verdicts.forEach((date, verdict) -> lines.add(List.of(
                date.toString(),
                format("%,d", verdict.corpusFigures().documents()),
                verdict.verdict(),
                verdict.sentence())));
        terminal.out().print(terminal.render(NIGHTS, lines));
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
