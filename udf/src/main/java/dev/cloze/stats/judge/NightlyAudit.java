package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Decomposition.Tokens;
import dev.cloze.stats.judge.Finding.State;
import dev.cloze.stats.judge.Finding.Why;
import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.judge.Verdict.Incident;
import dev.cloze.stats.judge.Verdict.Word;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges nights in the order of their dates. {@link #judge} changes nothing, so that any night may be tried; {@link #learn} makes the night
 * a part of what later ones are judged by.
 */
public final class NightlyAudit {
    /** Until then the findings of a slice are watched at most. */
    private static final int YOUNG = 7;
    /** Until then nothing is ok. */
    private static final int WARM = 14;

    private final Rates rates;
    private final List<Decision> decisions;
    private final Map<Slice, Past> pasts = new LinkedHashMap<>();
    private final Past corpus = new Past();
    private final List<Forecasts> forecasts =
            ForecastRule.ALL.stream().map(Forecasts::new).toList();
    private final List<Counts> counts = CountRule.ALL.stream().map(Counts::new).toList();
    private final Trend trend = new Trend(forecasts.get(0));
    private Map<Incident, LocalDate> open = Map.of();
    private int nights;

    /** @param decisions of people, in the order of their times */
    public NightlyAudit(Rates rates, List<Decision> decisions) {
        this.rates = rates;
        this.decisions = List.copyOf(decisions);
    }

    /** What is to be said of {@code night} after those that were learned. */
    public Verdict judge(Night night) {
        Tonight tonight = tonight(night);
        List<Forecast> forecast =
                forecasts.stream().flatMap(rule -> rule.judge(tonight).stream()).toList();
        List<Count> count =
                counts.stream().flatMap(rule -> rule.judge(tonight).stream()).toList();
        List<WeekAgainstWeeks> trends = trend.judge(tonight);
        List<Check> family = new ArrayList<>(forecast);
        family.addAll(count);
        family.addAll(trends);
        List<Finding> findings = findings(family, tonight);
        return new Verdict(
                night.date(),
                word(findings, forecast),
                nights,
                family.size(),
                forecast,
                count,
                trends,
                findings,
                since(findings, night.date()),
                change(tonight),
                rates);
    }

    /** Judges {@code night} and learns from it, and remembers what was found. */
    public Verdict pass(Night night) {
        Verdict verdict = judge(night);
        open = verdict.since();
        learn(night);
        return verdict;
    }

    /** Makes {@code night} a part of what later ones are judged by, unless somebody excused it. */
    public void learn(Night night) {
        if (isExcused(night.date())) {
            return;
        }
        Tonight tonight = tonight(night);
        trend.learn(tonight);
        counts.forEach(rule -> rule.learn(tonight));
        for (Forecasts rule : forecasts) {
            String name = rule.rule().name();
            List<Forecasts.LevelStep> steps = rule.learn(tonight, slice -> isAccepted(slice, name, night.date()));
            if (rule == forecasts.get(0)) {
                trend.raise(steps);
            }
        }
        tonight.series().forEach(series -> {
            series.past().add(night.date(), series.state());
            if (!series.slice().isCorpus()) {
                pasts.put(series.slice(), series.past());
            }
        });
        nights++;
    }

    private boolean isExcused(LocalDate date) {
        return decisions.stream().anyMatch(each -> each instanceof Decision.Excuse excuse && excuse.covers(date));
    }

    private boolean isAccepted(Slice slice, String rule, LocalDate date) {
        return decisions.stream()
                .anyMatch(each -> each instanceof Decision.Accept accept
                        && accept.date().equals(date)
                        && accept.scope().covers(slice, rule));
    }

    /** Slices begin on the first night on which they have a document. */
    private Tonight tonight(Night night) {
        Map<Slice, Past> known = new LinkedHashMap<>(pasts);
        night.slices().forEach((slice, state) -> {
            if (state.documents() > 0 && !slice.isCorpus()) {
                known.putIfAbsent(slice, new Past());
            }
        });
        List<Series> series = new ArrayList<>();
        known.forEach((slice, past) -> series.add(new Series(slice, past, night.of(slice))));
        series.add(new Series(Slice.CORPUS, corpus, night.of(Slice.CORPUS)));
        return new Tonight(nights, night.date(), series);
    }

    private List<Finding> findings(List<Check> family, Tonight tonight) {
        Set<Check> drift = Family.rejected(family, rates.drift());
        Set<Check> watch = Family.rejected(family, rates.watch());
        Map<Slice, Past> past = new HashMap<>();
        tonight.series().forEach(series -> past.put(series.slice(), series.past()));
        List<Finding> findings = new ArrayList<>(AbsoluteRules.find(tonight));
        pin().ifPresent(pin -> findings.addAll(PinnedBaseline.find(tonight, pin)));
        family.stream()
                .filter(check -> watch.contains(check) || drift.contains(check))
                .map(check -> drift.contains(check)
                        ? improbable(check, past.get(check.slice()))
                        : Finding.of(check, State.WATCH, Why.WATCH_RATE))
                .forEach(findings::add);
        return findings.stream()
                .map(finding -> isMuted(finding, tonight.date()) ? finding.withoutEffect() : finding)
                .sorted(byImportance())
                .toList();
    }

    private static Finding improbable(Check check, Past past) {
        if (past.nightsWithDocuments() < YOUNG) {
            return Finding.of(check, State.WATCH, Why.YOUNG);
        }
        return check.reachesFloor()
                ? Finding.of(check, State.DRIFT, Why.DRIFT_RATE)
                : Finding.of(check, State.WATCH, Why.FLOOR);
    }

    private Optional<Decision.Pin> pin() {
        return decisions.stream()
                .filter(Decision.Pin.class::isInstance)
                .map(Decision.Pin.class::cast)
                .reduce((earlier, later) -> later);
    }

    private boolean isMuted(Finding finding, LocalDate date) {
        return decisions.stream().anyMatch(each -> each instanceof Decision.Mute mute && mute.covers(finding, date));
    }

    private static Comparator<Finding> byImportance() {
        return Comparator.comparing((Finding finding) -> finding.slice().isCorpus())
                .thenComparing(Finding::state)
                .thenComparingDouble(Finding::p)
                .thenComparingDouble(finding -> -Math.abs(finding.z()));
    }

    private static Word word(List<Finding> findings, List<Forecast> forecasts) {
        List<Finding> counting =
                findings.stream().filter(finding -> !finding.muted()).toList();
        if (counting.stream().anyMatch(Finding::isDrift)) {
            return Word.DRIFT;
        }
        if (!counting.isEmpty()) {
            return Word.WATCH;
        }
        return forecasts.stream().anyMatch(forecast -> forecast.k() >= WARM) ? Word.OK : Word.WARMING_UP;
    }

    private Map<Incident, LocalDate> since(List<Finding> findings, LocalDate date) {
        Map<Incident, LocalDate> since = new LinkedHashMap<>();
        findings.forEach(finding -> {
            Incident incident = Incident.of(finding);
            since.put(incident, open.getOrDefault(incident, date));
        });
        return since;
    }

    private static Optional<Decomposition> change(Tonight tonight) {
        Map<Slice, Tokens> before = new LinkedHashMap<>();
        Map<Slice, Tokens> now = new LinkedHashMap<>();
        tonight.series().stream()
                .filter(series -> !series.slice().isCorpus() || tonight.series().size() == 1)
                .forEach(series -> {
                    before.put(series.slice(), tokens(series.past().last(Past.POOL)));
                    now.put(series.slice(), tokens(List.of(series.state())));
                });
        boolean both = hasTokens(before) && hasTokens(now);
        return both ? Optional.of(Decomposition.of(before, now)) : Optional.empty();
    }

    private static Tokens tokens(List<SliceState> states) {
        return states.stream()
                .map(state -> new Tokens(state.sums().n(), state.sums().nll()))
                .reduce(Tokens.NONE, Tokens::plus);
    }

    private static boolean hasTokens(Map<Slice, Tokens> slices) {
        return slices.values().stream().anyMatch(tokens -> tokens.tokens() > 0);
    }
}
