package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.Cloze;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines of {@code cloze audit} that are refused before anything starts. */
class AuditArgumentsTest {
    @TempDir
    Path directory;

    private static String refused(String... args) {
        StringWriter err = new StringWriter();
        int code = Cloze.run(args, new PrintWriter(new StringWriter()), new PrintWriter(err));
        assertThat(code).as("%s", err).isEqualTo(2);
        return err.toString();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(refused("audit"))
                .contains("there are no --scores")
                .contains("there is no --date")
                .contains("there is no --history");
        assertThat(refused("audit", "mute", "--history", "h"))
                .contains("there is no --until: say when the mute ends")
                .contains("there is no --note: say why it is decided so");
    }

    @Test
    void scoresThatAreThereNeedNoModel() {
        assertThat(refused("audit", "--scores", "s", "--input", "d", "--history", "h", "--date", "2026-03-02"))
                .contains("--scores and --input exclude each other");
        assertThat(refused("audit", "--scores", "s", "--model", "tiny", "--history", "h", "--date", "2026-03-02"))
                .contains(
                        "--scores need no model: leave --model, --method and the other options of the model out, or give"
                                + " the documents with --input instead of --scores");
        assertThat(refused("audit", "--scores", "s", "--sample", "5", "--history", "h", "--date", "2026-03-02"))
                .contains("--sample and --what are for --input");
    }

    @Test
    void aDateIsADate() {
        assertThat(refused("audit", "--scores", "s", "--history", "h", "--date", "2026-13-01"))
                .contains("expected a date such as 2026-11-21, but was '2026-13-01'");
    }

    @Test
    void aDriftIsAWatchToo() {
        assertThat(refused("audit", "rejudge", "--history", "h", "--from", "2026-03-02", "--drift-rate", "0.2"))
                .contains("--drift-rate must be above 0 and at most --watch-rate");
    }

    @Test
    void rulesAreThoseThatAreJudged() {
        assertThat(refused(
                        "audit", "mute", "--history", "h", "--until", "2026-03-02", "--rule", "levle", "--note", "x"))
                .contains("there is no rule levle, did you mean level?");
        assertThat(refused(
                        "audit", "mute", "--history", "h", "--until", "2026-03-02", "--rule", "unknown", "--note", "x"))
                .contains("there is no rule unknown");
        assertThat(refused(
                        "audit",
                        "accept",
                        "--history",
                        "h",
                        "--date",
                        "2026-03-02",
                        "--rule",
                        "mojibake",
                        "--note",
                        "x"))
                .contains("the rule mojibake has no level to accept");
    }

    @Test
    void aDirectoryThatIsNoHistoryIsNotShown() {
        assertThat(refused("audit", "show", "--history", directory.toString()))
                .contains("there is no _history.json in it");
    }

    @Test
    void aSimulationHasAYearAtLeast() {
        assertThat(refused("audit", "simulate", "--years", "0")).contains("--years must be");
    }
}
