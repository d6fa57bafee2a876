package dev.cloze.job.audit;

import dev.cloze.job.report.BandChart;
import dev.cloze.job.report.Distribution;
import dev.cloze.job.report.NightPage;
import dev.cloze.job.report.NightPage.Command;
import dev.cloze.job.report.NightPage.Fact;
import dev.cloze.job.report.NightPage.Found;
import dev.cloze.job.report.NightPage.Incident;
import dev.cloze.job.report.Tone;
import dev.cloze.job.terminal.Visible;
import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the page of a night.
 *
 * @param answers commands about it
 * @param verdict on it
 * @param states of its slices
 * @param series of the last nights
 * @param decided what people decided
 */
record NightReport(
        Answers answers, VerdictRecord verdict, NightStates states, NightSeries series, List<DecisionRecord> decided) {
    private static final int MOST_INCIDENTS = 5;
    /** A page stays small when something was found in many slices. */
    private static final int MOST_DRAWN = 3;

    private static final int MOST_FINDINGS = 6;
    private static final int NIGHTS_DRAWN = 56;
    private static final int FEWEST_DRAWN = 10;
    private static final int LONGEST = 160;
    private static final int DAYS_OF_A_MUTE = 14;
    /** A smaller share of bad rows is not said. */
    private static final double LEAST_SHARE = 1e-4;

    NightPage page() {
        NightSlices slices = new NightSlices(verdict, states, series);
        return new NightPage(
                title(),
                new NightPage.Headline(shown(verdict.sentence()), basis(), commands()),
                facts(),
                incidents(),
                new CorpusChange(verdict.change()).section(series),
                slices.table(answers.sliceBy()),
                new NightDetails(verdict, decided).details());
    }

    /** Text that a person can see, and not too much of it. */
    static String shown(String text) {
        int length = text.codePointCount(0, text.length());
        return Visible.line(
                length <= LONGEST * 4 ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST * 4)) + "…");
    }

    /** A slice's name, and not too much of it. */
    static String name(Slice slice) {
        String label = slice.label();
        boolean isLong = label.codePointCount(0, label.length()) > LONGEST;
        return Visible.line(isLong ? label.substring(0, label.offsetByCodePoints(0, LONGEST)) + "…" : label);
    }

    private NightPage.Title title() {
        LocalDate day = verdict.day();
        return new NightPage.Title(
                shown(verdict.corpus()),
                day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + day,
                verdict.verdict(),
                Tone.of(verdict.verdict()));
    }

    private String basis() {
        VerdictRecord.Baseline baseline = verdict.baseline();
        String nights = baseline.nights() == 0
                ? "It is the first night."
                : Numerals.format(
                        "Judged by the %,d nights from %s to %s.", baseline.nights(), baseline.from(), baseline.to());
        return Numerals.format(
                "%,d of %,d checks and fixed limits found something. %s On nights on which nothing happened, about %s in 100"
                        + " have a false drift.",
                verdict.findings().size(),
                verdict.checks().size(),
                nights,
                Numerals.format("%.3g", 100 * verdict.rates().drift()).replaceAll("\\.?0+$", ""));
    }

    private List<Command> commands() {
        List<VerdictRecord.Found> drift = verdict.findings().stream()
                .filter(found -> found.state().equals("drift"))
                .toList();
        if (drift.isEmpty()) {
            return List.of();
        }
        List<Command> commands = new ArrayList<>(List.of(new Command("The data was repaired", "")));
        drift.stream()
                .filter(found -> Answers.isAcceptable(found.rule()))
                .findFirst()
                .ifPresent(found -> commands.add(new Command(
                        "This is the new normal", answers.accept(VerdictRecord.slice(found.slice()), found.rule()))));
        commands.add(new Command("Ignore this night", answers.excuse()));
        VerdictRecord.Found first = drift.get(0);
        String until = verdict.day().plusDays(DAYS_OF_A_MUTE).toString();
        commands.add(new Command(
                "Known, do not fail", answers.mute(VerdictRecord.slice(first.slice()), first.rule(), until)));
        return commands.stream()
                .map(each -> new Command(each.when(), Visible.line(each.line())))
                .toList();
    }

    private List<Fact> facts() {
        VerdictRecord.CorpusFigures figures = verdict.corpusFigures();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(Numerals.count(figures.documents()), "documents", usual("volume", "%,.0f")));
        facts.add(new Fact(Numerals.count(figures.tokensScored()), "scored tokens", ""));
        if (figures.crossEntropy() != null) {
            facts.add(new Fact(Numerals.nats(figures.crossEntropy()), "nats a token", usual("cross-entropy", "%.3f")));
            facts.add(new Fact(Numerals.format("%.2f", figures.perplexity()), "perplexity", ""));
        }
        double bad = figures.rows() == 0 ? 0 : (double) figures.badRows() / figures.rows();
        facts.add(new Fact(
                Numerals.percent(bad) + " %",
                Numerals.format("bad rows (%,d of %,d)", figures.badRows(), figures.rows()),
                series.tonight(Slice.CORPUS, "bad-rows")
                        .map(check -> check.usual() < LEAST_SHARE
                                ? "usually less than 0.01 %"
                                : "usually " + Numerals.percent(check.usual()) + " %")
                        .orElse("")));
        return facts;
    }

    private String usual(String rule, String format) {
        return series.tonight(Slice.CORPUS, rule)
                .filter(check -> check.expected() != null)
                .map(check ->
                        "expected " + Numerals.format(format, check.expected().get(0)) + " to "
                                + Numerals.format(format, check.expected().get(1)))
                .orElse("");
    }

    /** By slices; the whole corpus only where no slice has anything. */
    private List<Incident> incidents() {
        Map<Slice, List<VerdictRecord.Found>> bySlice = new LinkedHashMap<>();
        verdict.findings()
                .forEach(found -> bySlice.computeIfAbsent(VerdictRecord.slice(found.slice()), any -> new ArrayList<>())
                        .add(found));
        List<Slice> slices = bySlice.keySet().stream()
                .filter(slice -> !slice.isCorpus() || bySlice.size() == 1)
                .limit(MOST_INCIDENTS)
                .toList();
        return slices.stream()
                .map(slice -> incident(slice, bySlice.get(slice), slices.indexOf(slice) < MOST_DRAWN))
                .toList();
    }

    private Incident incident(Slice slice, List<VerdictRecord.Found> findings, boolean isDrawn) {
        String rule = findings.get(0).rule();
        Tone tone = Tone.of(findings.get(0).state());
        Optional<BandChart> chart = series.chart(slice, rule, NIGHTS_DRAWN, tone)
                .or(() -> series.chart(slice, "level", NIGHTS_DRAWN, Tone.OK));
        return new Incident(
                name(slice),
                findings.stream().limit(MOST_FINDINGS).map(this::found).toList(),
                chart.filter(any -> isDrawn),
                distribution(slice).filter(any -> isDrawn),
                new NightTexts(verdict.exemplars()).of(slice));
    }

    private Found found(VerdictRecord.Found found) {
        return new Found(
                Tone.of(found.state()),
                found.state(),
                shown(found.sentence()),
                found.since().equals(verdict.date())
                        ? "First seen tonight."
                        : "Every night since " + found.since() + ".");
    }

    private Optional<Distribution> distribution(Slice slice) {
        Histogram tonight = states.of(slice).histogram();
        Histogram before = states.pooled(slice);
        return tonight.total() < FEWEST_DRAWN
                ? Optional.empty()
                : Optional.of(Distribution.of(
                        before.total() == 0
                                ? "Documents by cross-entropy, in nats"
                                : "Documents by cross-entropy, in nats: tonight (bars) and the "
                                        + states.before().size()
                                        + " nights before, as many documents (line); red: harder"
                                        + " than 99 of 100 used to be",
                        tonight,
                        before));
    }
}
