package dev.cloze.job.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.audit.DecisionWriter.About;
import dev.cloze.job.audit.MadeUpNights.Fault;
import dev.cloze.stats.night.Night;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an audit writes and says, from states on: no document is read. */
class AuditsTest {
    private static final int LAST = 20;
    private static final MadeUpNights MADE = new MadeUpNights(List.of("news", "forum"), 60);
    private static final Fault HIGHER = new Fault("news", 0.9, 0);
    /** Files that one night adds. */
    private static final int RUN_VERDICT_PAGE = 3;

    @TempDir
    Path directory;

    private PlainAudit audit;

    @BeforeEach
    void anEmptyHistory() {
        audit = new PlainAudit(directory.resolve("history"), "source");
    }

    private void backfill(int last) {
        audit.audits.backfill(MADE.nights(last + 1), MadeUpNights.date(0), MadeUpNights.date(last));
    }

    private int night(int number, Fault fault) {
        return audit.audits.night(MADE.night(number, fault));
    }

    private VerdictRecord verdict(int number) {
        return audit.history.lastVerdict(MadeUpNights.date(number)).orElseThrow();
    }

    /** Every file of the history and what is in it; nights are no files here, but stand in their places. */
    private Map<String, String> files() throws IOException {
        return files("");
    }

    private Map<String, String> files(String folder) throws IOException {
        Path history = directory.resolve("history");
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(history.resolve(folder))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(history.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    @Test
    void aNightWithAHigherLevelIsDriftUntilItIsRepaired() throws IOException {
        backfill(LAST - 1);
        assertThat(audit.printed())
                .contains("2026-03-02")
                .contains("warming-up")
                .contains("2026-03-21");

        assertThat(night(LAST, HIGHER)).isEqualTo(3);
        assertThat(audit.printed())
                .contains("DRIFT · news · Sun 2026-03-22")
                .contains("Source news: the mean cross-entropy of its documents is 2.")
                .contains("this is the new normal:  cloze audit accept --history ")
                .containsPattern("--date 2026-03-22 --slice source=news --rule (level|cross-entropy) --note");
        VerdictRecord broken = verdict(LAST);
        assertThat(broken.format()).isEqualTo(1);
        assertThat(broken.verdict()).isEqualTo("drift");
        assertThat(broken.exitCode()).isEqualTo(3);
        assertThat(broken.findings().get(0).slice()).containsEntry("source", "news");
        assertThat(broken.baseline().nights()).isEqualTo(LAST);

        Map<String, String> verdicts = files("verdicts");
        assertThat(night(LAST, Fault.NONE)).isZero();
        assertThat(verdict(LAST).supersedes()).isEqualTo(broken.run());
        assertThat(verdict(LAST).sequence()).isEqualTo(2);
        assertThat(files("verdicts")).containsAllEntriesOf(verdicts);

        assertThat(night(LAST, HIGHER)).as("the broken night came back").isEqualTo(3);
    }

    @Test
    void theSameNightTwiceWritesNothing() throws IOException {
        backfill(2);
        night(3, HIGHER);
        Map<String, String> history = files();
        audit.printed();
        night(3, HIGHER);
        assertThat(audit.printed()).contains("already audited: ").contains("nothing was written");
        backfill(2);
        assertThat(files()).isEqualTo(history);
    }

    @Test
    void whatIsMissingAfterAKillIsMadeAgainByteByByte() throws IOException {
        backfill(2);
        Map<String, String> history = files();
        for (String file : history.keySet()) {
            if (!file.equals("_history.json")) {
                Files.delete(directory.resolve("history").resolve(file));
                backfill(2);
                assertThat(files()).as("without %s", file).isEqualTo(history);
            }
        }
    }

    @Test
    void anOlderNightThatIsFilledInLeavesLaterVerdictsAloneUntilTheyAreJudgedAgain() throws IOException {
        List<Night> nights = new ArrayList<>(MADE.nights(6));
        Night missing = nights.remove(2);
        audit.audits.backfill(nights, MadeUpNights.date(0), MadeUpNights.date(5));
        Map<String, String> verdicts = files("verdicts");
        int all = files().size();
        audit.audits.night(missing);
        assertThat(files("verdicts")).containsAllEntriesOf(verdicts);
        assertThat(files()).hasSize(all + RUN_VERDICT_PAGE);
        assertThat(verdict(5).baseline().nights()).isEqualTo(4);

        audit.audits.rejudge(MadeUpNights.date(3));
        assertThat(files("verdicts")).containsAllEntriesOf(verdicts).hasSize(verdicts.size() + 1 + 3);
        assertThat(verdict(5).baseline().nights()).isEqualTo(5);
        assertThat(verdict(5).sequence()).isEqualTo(2);
        Map<String, String> judgedAgain = files();
        audit.audits.rejudge(MadeUpNights.date(3));
        assertThat(files()).isEqualTo(judgedAgain);
    }

    private DecisionWriter at(String time) {
        return new DecisionWriter(
                audit.history, Clock.fixed(Instant.parse(time), ZoneOffset.UTC), "ada", "known", audit.terminal());
    }

    @Test
    void aMuteCountsForVerdictsOfNightsFromItsDayOn() {
        backfill(LAST - 1);
        night(LAST, HIGHER);
        at("2026-03-23T00:00:00Z").mute(LocalDate.parse("9999-12-31"), About.EVERYTHING);
        assertThat(audit.printed()).contains("The decision is saved and applies to all later verdicts.");
        audit.audits.rejudge(MadeUpNights.date(LAST));
        assertThat(verdict(LAST).exitCode()).as("a mute of the day after").isEqualTo(3);

        at("2026-03-22T23:59:59Z").mute(LocalDate.parse("9999-12-31"), About.EVERYTHING);
        audit.audits.rejudge(MadeUpNights.date(LAST));
        VerdictRecord muted = verdict(LAST);
        assertThat(muted.exitCode()).isZero();
        assertThat(muted.findings().get(0).state()).isEqualTo("muted");
        assertThat(muted.sentence()).matches("Nothing that counts was found; \\d+ findings are muted\\.");
        audit.printed();
        Verdicts verdicts = new Verdicts(audit.history, audit.terminal());
        verdicts.showAll();
        assertThat(audit.printed()).contains("2026-03-22").contains("ok");
        verdicts.show(MadeUpNights.date(LAST));
        assertThat(audit.printed())
                .contains("muted  Source news: the mean cross-entropy")
                .containsPattern("news +level");
    }

    @Test
    void whatPeopleDecidedStandsOnThePage() throws IOException {
        backfill(2);
        at("2026-03-04T07:00:00Z")
                .mute(
                        LocalDate.parse("2026-04-01"),
                        new About(Optional.of(Map.of("source", "forum")), Optional.of("level")));
        night(3, Fault.NONE);
        assertThat(Files.readString(directory.resolve("history/reports/2026-03-05.html")))
                .contains("mute until 2026-04-01, forum, rule level: known (ada, 2026-03-04T07:00:00Z)");
    }

    @Test
    void decisionsAreAboutWhatIsThere() {
        backfill(1);
        assertThatThrownBy(() -> at("2026-03-04T07:00:00Z").accept(LocalDate.parse("2026-02-01"), About.EVERYTHING))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("the history has nights from 2026-03-02 to 2026-03-03, and none then");
        assertThatThrownBy(() -> at("2026-03-04T07:00:00Z")
                        .accept(MadeUpNights.date(1), new About(Optional.of(Map.of("lang", "en")), Optional.empty())))
                .hasMessageContaining("slices of this history are by source");
        assertThatThrownBy(() -> at("2026-03-04T07:00:00Z")
                        .accept(
                                MadeUpNights.date(1),
                                new About(Optional.of(Map.of("source", "nevs")), Optional.empty())))
                .hasMessageContaining("no night of the history has judged it; did you mean news?");
        assertThatThrownBy(() -> at("2026-03-04T07:00:00Z").mute(LocalDate.parse("2026-03-03"), About.EVERYTHING))
                .hasMessageContaining("that day is over");
    }

    @Test
    void aNightWithoutDocumentsIsDrift() {
        backfill(1);
        assertThat(audit.audits.night(new Night(MadeUpNights.date(5), Map.of())))
                .isEqualTo(3);
        assertThat(audit.printed()).contains("Whole corpus: there is no document.");
    }

    @Test
    void whatIsNoFileOfAnAuditIsSaid() throws IOException {
        backfill(1);
        Path decision = directory.resolve("history/decisions/2026-03-02T000000Z-x.json");
        Files.createDirectories(decision.getParent());
        Files.writeString(decision, "{\"format\": 1, \"decision\": \"pin\", \"from\": \"soon\"}");
        assertThatThrownBy(() -> audit.audits.rejudge(MadeUpNights.date(0)))
                .hasMessageContaining("it is no file of an audit");
        Files.createDirectories(directory.resolve("history/verdicts/date=old"));
        assertThatThrownBy(() -> new Verdicts(audit.history, audit.terminal()).showAll())
                .hasMessageContaining("verdicts/date=old is named after no night");
    }
}
