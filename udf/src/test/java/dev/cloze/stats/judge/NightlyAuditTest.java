package dev.cloze.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.settings.Labels;
import dev.cloze.stats.judge.Forecast.Learning;
import dev.cloze.stats.judge.Forecast.Range;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole audit against an independent reference, on a year of made-up nights. */
class NightlyAuditTest {
    private static final double RELATIVE = 1e-9;
    private static final double ABSOLUTE = 1e-12;

    private static final Map<String, Verdict> VERDICTS = new LinkedHashMap<>();

    @BeforeAll
    static void auditTheYear() {
        NightlyAudit audit = new NightlyAudit(Rates.USUAL, List.of());
        for (Night night : GoldenYear.nights()) {
            VERDICTS.put(night.date().toString(), audit.pass(night));
        }
    }

    @Test
    void everyForecastIsThatOfTheReference() {
        int judged = 0;
        for (Map<String, String> row : GoldenYear.expected("forecast")) {
            if (row.get("p").isEmpty()) {
                continue;
            }
            judged++;
            Forecast found = find(verdict(row).forecasts(), row, row.get("rule"));
            assertThat(found.k()).as("k of %s", row).isEqualTo(Integer.parseInt(row.get("k")));
            assertThat(found.movement().errors()).as("n of %s", row).isEqualTo(Integer.parseInt(row.get("n")));
            assertThat(found.learning() != Learning.LEARNED)
                    .isEqualTo(row.get("held").equals("1"));
            assertThat(found.learning() == Learning.ADOPTED)
                    .isEqualTo(row.get("adopted").equals("1"));
            assertNear(row, "y", found.measured().y());
            assertNear(row, "v", found.measured().v());
            assertNear(row, "y_hat", found.expected());
            assertNear(row, "e", found.error());
            assertNear(row, "v0", found.undisturbed());
            assertNear(row, "tau2_hat", found.movement().ownVariance());
            assertNear(row, "tau2", found.movement().variance());
            assertNear(row, "nu", found.movement().freedom());
            assertNear(row, "nu_judge", found.freedom());
            assertNear(row, "z", found.z());
            assertNear(row, "p", found.p());
        }
        assertThat(VERDICTS.values().stream()
                        .mapToInt(each -> each.forecasts().size())
                        .sum())
                .isEqualTo(judged);
    }

    @Test
    void everyCountIsThatOfTheReference() {
        List<Map<String, String>> rows = GoldenYear.expected("counts");
        for (Map<String, String> row : rows) {
            Count found = find(verdict(row).counts(), row, row.get("rule"));
            assertThat(found.counted().found()).as("K of %s", row).isEqualTo(Long.parseLong(row.get("K")));
            assertThat(found.counted().of()).as("M of %s", row).isEqualTo(Long.parseLong(row.get("M")));
            assertNear(row, "A", found.occurrences());
            assertNear(row, "mu", found.expected());
            assertNear(row, "kappa", found.ups());
            assertNear(row, "p", found.p());
        }
        assertThat(VERDICTS.values().stream()
                        .mapToInt(each -> each.counts().size())
                        .sum())
                .isEqualTo(rows.size());
    }

    @Test
    void everyTrendIsThatOfTheReference() {
        List<Map<String, String>> rows = GoldenYear.expected("trend");
        for (Map<String, String> row : rows) {
            WeekAgainstWeeks found = find(verdict(row).trends(), row, "trend");
            assertThat(found.weeks()).isEqualTo(Integer.parseInt(row.get("n")));
            assertNear(row, "D", found.difference());
            assertNear(row, "s", found.usual());
            assertNear(row, "nu", found.freedom());
            assertNear(row, "z", found.z());
            assertNear(row, "p", found.p());
        }
        assertThat(VERDICTS.values().stream()
                        .mapToInt(each -> each.trends().size())
                        .sum())
                .isEqualTo(rows.size());
    }

    @Test
    void theRangesAreThoseOfTheReference() {
        for (Map<String, String> row : GoldenYear.expected("bands")) {
            Verdict verdict = verdict(row);
            Forecast level = find(verdict.forecasts(), row, "level");
            assertThat(verdict.tests()).isEqualTo(Integer.parseInt(row.get("tests")));
            Range range = level.range(Rates.USUAL.drift(), verdict.tests());
            assertNear(row, "t_crit", StudentT.critical(level.freedom(), Rates.USUAL.drift() / verdict.tests()));
            assertNear(row, "low", range.low());
            assertNear(row, "high", range.high());
            assertNear(row, "would_notice", range.notice());
        }
    }

    @Test
    void everyFindingIsThatOfTheReferenceInItsOrder() {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        VERDICTS.keySet().forEach(date -> expected.put(date, new ArrayList<>()));
        GoldenYear.expected("decisions").forEach(row -> expected.get(row.get("date"))
                .add(String.join(" ", row.get("slice"), row.get("rule"), row.get("state"), row.get("why"))));
        VERDICTS.forEach((date, verdict) -> assertThat(verdict.findings().stream()
                        .map(finding -> String.join(
                                " ",
                                finding.slice().isCorpus()
                                        ? "*"
                                        : finding.slice().label(),
                                finding.rule(),
                                Labels.of(finding.state()),
                                Labels.of(finding.why())))
                        .toList())
                .as(date)
                .isEqualTo(expected.get(date)));
    }

    @Test
    void everyNightHasTheVerdictOfTheReference() {
        for (Map<String, String> row : GoldenYear.expected("nights")) {
            Verdict verdict = verdict(row);
            assertThat(Labels.of(verdict.word())).as("%s", row).isEqualTo(row.get("verdict"));
            assertThat(verdict.tests()).as("%s", row).isEqualTo(Integer.parseInt(row.get("tests")));
        }
    }

    @Test
    void theDecompositionIsThatOfTheReferenceAndAddsUpExactly() {
        for (Map<String, String> row : GoldenYear.expected("decomposition")) {
            Decomposition change = verdict(row).change().orElseThrow();
            Share share = change.slices().stream()
                    .filter(each -> each.slice().equals(GoldenYear.slice(row.get("slice"))))
                    .findFirst()
                    .orElseThrow();
            assertNear(row, "w", share.shareBefore());
            assertNear(row, "w1", share.share());
            assertNear(row, "c", share.crossEntropyBefore());
            assertNear(row, "c1", share.crossEntropy());
            assertNear(row, "mix", share.mix());
            assertNear(row, "within", share.within());
            assertNear(row, "total", change.total());
            assertThat(change.slices().stream()
                            .mapToDouble(each -> each.mix() + each.within())
                            .sum())
                    .isCloseTo(change.total(), within(ABSOLUTE));
        }
    }

    @Test
    void aFindingOfSeveralNightsInARowSaysSinceWhen() {
        Verdict fourth = VERDICTS.get("2026-05-14");
        assertThat(fourth.since().get(new Verdict.Incident(Slice.of("news"), "level")))
                .isEqualTo(LocalDate.parse("2026-05-11"));
        assertThat(VERDICTS.get("2026-06-05").since().values()).isSubsetOf(Set.of(LocalDate.parse("2026-06-05")));
    }

    private static Verdict verdict(Map<String, String> row) {
        return VERDICTS.get(row.get("date"));
    }

    private static <C extends Check> C find(List<C> checks, Map<String, String> row, String rule) {
        return checks.stream()
                .filter(check -> check.slice().equals(GoldenYear.slice(row.get("slice")))
                        && check.rule().equals(rule))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Not judged: " + row));
    }

    private static void assertNear(Map<String, String> row, String column, double found) {
        double expected = Double.parseDouble(row.get(column));
        assertThat(found)
                .as("%s of %s", column, row)
                .isCloseTo(expected, within(Math.max(ABSOLUTE, RELATIVE * Math.abs(expected))));
    }
}
