package dev.cloze.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.stats.judge.Decision.Accept;
import dev.cloze.stats.judge.Decision.Excuse;
import dev.cloze.stats.judge.Decision.Mute;
import dev.cloze.stats.judge.Decision.Pin;
import dev.cloze.stats.judge.Decision.Scope;
import dev.cloze.stats.judge.Verdict.Word;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people decide. On 2026-05-11 the level of {@code news} rises by 0.30 nats for good; on 2026-06-05 mojibake is in {@code archive}. */
class DecisionTest {
    private static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty());
    private static final LocalDate RISE = LocalDate.parse("2026-05-11");
    private static final LocalDate MOJIBAKE = LocalDate.parse("2026-06-05");

    private static Map<LocalDate, Verdict> verdicts(List<Night> nights, String last, Decision... decisions) {
        NightlyAudit audit = new NightlyAudit(Rates.USUAL, List.of(decisions));
        Map<LocalDate, Verdict> verdicts = new LinkedHashMap<>();
        for (Night night : nights) {
            if (!night.date().isAfter(LocalDate.parse(last))) {
                boolean matters = night.date().isAfter(RISE.minusDays(1));
                if (matters) {
                    verdicts.put(night.date(), audit.pass(night));
                } else {
                    audit.learn(night);
                }
            }
        }
        return verdicts;
    }

    private static List<String> rules(Verdict verdict, Slice slice) {
        return verdict.findings().stream()
                .filter(finding -> finding.slice().equals(slice))
                .map(Finding::rule)
                .toList();
    }

    @Test
    void anAcceptedLevelIsNormalFromTheNextNightOn() {
        Slice news = Slice.of("news");
        Accept accept = new Accept(RISE, new Scope(Optional.of(news), Optional.empty()));
        Map<LocalDate, Verdict> verdicts = verdicts(GoldenYear.nights(), "2026-05-24", accept);
        assertThat(rules(verdicts.get(RISE), news)).contains("level", "cross-entropy");
        RISE.plusDays(1).datesUntil(LocalDate.parse("2026-05-25")).forEach(date -> assertThat(
                        rules(verdicts.get(date), news))
                .as("%s", date)
                .doesNotContain("level", "cross-entropy", "trend"));
    }

    @Test
    void anAcceptedRuleLeavesTheOthersAlone() {
        Accept accept = new Accept(RISE, new Scope(Optional.of(Slice.of("news")), Optional.of("level")));
        Verdict next = verdicts(GoldenYear.nights(), "2026-05-12", accept).get(RISE.plusDays(1));
        assertThat(rules(next, Slice.of("news"))).contains("cross-entropy").doesNotContain("level", "trend");
    }

    @Test
    void laterNightsAreJudgedAsIfAnExcusedNightHadNeverBeen() {
        List<Night> without = GoldenYear.nights().stream()
                .filter(night -> !night.date().equals(MOJIBAKE))
                .toList();
        Map<LocalDate, Verdict> excused = verdicts(GoldenYear.nights(), "2026-06-12", new Excuse(MOJIBAKE, MOJIBAKE));
        Map<LocalDate, Verdict> never = verdicts(without, "2026-06-12");
        assertThat(excused.get(MOJIBAKE).word()).isEqualTo(Word.DRIFT);
        never.forEach((date, verdict) -> {
            assertThat(excused.get(date).forecasts()).as("%s", date).isEqualTo(verdict.forecasts());
            assertThat(excused.get(date).counts()).as("%s", date).isEqualTo(verdict.counts());
            assertThat(excused.get(date).trends()).as("%s", date).isEqualTo(verdict.trends());
        });
    }

    @Test
    void aMutedFindingIsListedAndDoesNotCount() {
        Map<LocalDate, Verdict> muted =
                verdicts(GoldenYear.nights(), "2026-05-13", new Mute(EVERYTHING, RISE, RISE.plusDays(1)));
        assertThat(muted.get(RISE).word()).isEqualTo(Word.OK);
        assertThat(muted.get(RISE).findings()).hasSize(4).allMatch(Finding::muted);
        assertThat(muted.get(RISE.plusDays(1)).word()).isEqualTo(Word.OK);
        assertThat(muted.get(RISE.plusDays(2)).word()).isEqualTo(Word.DRIFT);
    }

    @Test
    void aMuteDoesNotReachIntoNightsBeforeItWasDecided() {
        Map<LocalDate, Verdict> muted =
                verdicts(GoldenYear.nights(), "2026-05-12", new Mute(EVERYTHING, RISE.plusDays(1), RISE.plusDays(9)));
        assertThat(muted.get(RISE).word()).isEqualTo(Word.DRIFT);
        assertThat(muted.get(RISE.plusDays(1)).word()).isEqualTo(Word.OK);
    }

    @Test
    void aMutedRuleDoesNotHideAnotherOfTheSameSlice() {
        Scope level = new Scope(Optional.of(Slice.of("news")), Optional.of("level"));
        Verdict verdict = verdicts(GoldenYear.nights(), "2026-05-11", new Mute(level, RISE, RISE))
                .get(RISE);
        assertThat(verdict.word()).isEqualTo(Word.DRIFT);
        assertThat(verdict.findings().stream().filter(Finding::muted).map(Finding::rule))
                .containsExactly("level");
    }

    @Test
    void aPinnedBaselineIsSaidToBeFarAwayButIsNeverDrift() {
        Pin pin = new Pin(LocalDate.parse("2026-04-01"), LocalDate.parse("2026-04-30"));
        Map<LocalDate, Verdict> verdicts = verdicts(GoldenYear.nights(), "2026-06-10", pin);
        assertThat(rules(verdicts.get(RISE), Slice.of("news"))).doesNotContain("baseline");
        Finding month = verdicts.get(LocalDate.parse("2026-06-10")).findings().stream()
                .filter(finding -> finding.rule().equals("baseline"))
                .findFirst()
                .orElseThrow();
        assertThat(month.slice()).isEqualTo(Slice.of("news"));
        assertThat(month.state()).isEqualTo(Finding.State.WATCH);
    }

    @Test
    void aCorpusWithoutSlicesIsJudgedAsAWhole() {
        NightlyAudit audit = new NightlyAudit(Rates.USUAL, List.of());
        Verdict last = null;
        for (Night night : GoldenYear.nights()) {
            Map<Slice, SliceState> whole = Map.of(Slice.CORPUS, night.of(Slice.CORPUS));
            last = audit.pass(new Night(night.date(), whole));
        }
        assertThat(last.forecasts()).hasSize(6).allMatch(forecast -> forecast.slice()
                .isCorpus());
        assertThat(last.change().orElseThrow().slices()).singleElement().matches(share -> share.mix() == 0);
    }

    @Test
    void aCorpusWithoutDocumentsIsDriftFromTheFirstNightOn() {
        NightlyAudit audit = new NightlyAudit(Rates.USUAL, List.of());
        Verdict verdict = audit.pass(new Night(RISE, Map.of()));
        assertThat(verdict.word()).isEqualTo(Word.DRIFT);
        assertThat(rules(verdict, Slice.CORPUS)).containsExactly("empty");
        assertThat(verdict.tests()).isZero();
    }

    @Test
    void aCountTooSmallToMatterIsWatchedAtMost() {
        Count count =
                new Count(Slice.CORPUS, CountRule.ALL.get(1), new CountRule.Counted(3, 100_000), 5, 0.5, 0.01, 1e-9);
        assertThat(count.reachesFloor()).isFalse();
        assertThat(new Count(Slice.CORPUS, count.by(), new CountRule.Counted(4, 100_000), 5, 0.5, 0.01, 1e-9)
                        .reachesFloor())
                .isTrue();
    }
}
