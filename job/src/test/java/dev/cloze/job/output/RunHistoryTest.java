package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.catalog.Versions;
import dev.cloze.job.output.RunHistory.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {
    private static final String VERSION = Versions.of("cloze");

    @TempDir
    Path directory;

    private LocalDirectory output;
    private RunHistory history;

    @BeforeEach
    void begin() throws IOException {
        output = new LocalDirectory(directory.resolve("out"));
        history = output.history();
    }

    @Test
    void aDirectoryThatIsNotThereHasNoHistory() throws IOException {
        assertThat(history.attempts()).isEmpty();
    }

    @Test
    void anAttemptStandsThereBeforeItsEndAndAfterIt() throws IOException {
        RunHistory.Current current = history.begin("embed", Instant.parse("2026-01-01T10:00:00Z"));
        assertThat(history.attempts())
                .containsExactly(new Attempt(VERSION, "embed", "2026-01-01T10:00:00Z", null, null, null));

        current.finish(Instant.parse("2026-01-01T10:05:00Z"), 7);

        assertThat(history.attempts())
                .containsExactly(
                        new Attempt(VERSION, "embed", "2026-01-01T10:00:00Z", "2026-01-01T10:05:00Z", 7L, true));
    }

    @Test
    void attemptsStandInTheOrderOfTheirBeginnings() throws IOException {
        history.begin("third", Instant.parse("2026-01-10T00:00:00Z"));
        history.begin("second", Instant.parse("2026-01-02T00:00:00.001Z"))
                .finishUnchanged(Instant.parse("2026-02-01T00:00:00Z"));
        history.begin("first", Instant.parse("2026-01-02T00:00:00Z"));

        assertThat(history.attempts()).extracting(Attempt::command).containsExactly("first", "second", "third");
        assertThat(history.attempts()).extracting(Attempt::changed).containsExactly(null, false, null);
        assertThat(history.attempts()).extracting(Attempt::chunksScored).containsExactly(null, 0L, null);
    }

    @Test
    void twoDriversThatBeginAtOnceAreTwoAttempts() throws IOException {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        history.begin("one", now);
        history.begin("other", now);

        assertThat(history.attempts()).extracting(Attempt::command).containsExactlyInAnyOrder("one", "other");
    }

    @Test
    void aDriverThatWasKilledWhileItWroteLosesNoOtherAttempt() throws IOException {
        RunHistory.Current current = history.begin("embed", Instant.parse("2026-01-01T00:00:00Z"));
        current.finish(Instant.parse("2026-01-01T00:00:01Z"), 1);
        Path end = output.path().resolve(output.content().get(1));
        assertThat(end.toString()).endsWith(".end");
        Files.writeString(end, "{\"cloze\" : \"1");
        output.write(".cloze/attempt-20250101T000000.000-0a1b2c3d", "");
        output.write(".cloze/attempt-20250102T000000.000-0a1b2c3d", "{\"command\": \"of another program\"}");

        assertThat(history.attempts())
                .containsExactly(new Attempt(VERSION, "embed", "2026-01-01T00:00:00Z", null, null, null));
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws IOException {
        output.write(
                ".cloze/attempt-20300101T000000.000-0a1b2c3d",
                "{\"cloze\": \"9\", \"command\": \"audit\", \"started\": \"2030-01-01T00:00:00Z\", \"moon\": \"full\"}");

        assertThat(history.attempts())
                .containsExactly(new Attempt("9", "audit", "2030-01-01T00:00:00Z", null, null, null));
    }

    @Test
    void theManifestOfAnEarlierVersionIsTheFirstAttempt() throws IOException {
        output.write(
                "_manifest.json",
                "{\"command\": \"fill-mask\", \"started\": \"2025-01-01T00:00:00Z\", \"finished\": \"2025-01-01T00:01:00Z\","
                        + " \"versions\": {\"cloze\": \"0.0.1\"}}");

        history.begin("fill-mask", Instant.parse("2026-01-01T00:00:00Z"));
        history.begin("fill-mask", Instant.parse("2026-01-02T00:00:00Z"));

        assertThat(history.attempts()).hasSize(3);
        assertThat(history.attempts().get(0))
                .isEqualTo(
                        new Attempt("0.0.1", "fill-mask", "2025-01-01T00:00:00Z", "2025-01-01T00:01:00Z", null, true));
    }

    @Test
    void aDamagedManifestTellsNothing() throws IOException {
        for (String manifest : List.of("", "{\"started\":", "{}", "{\"started\": \"yesterday\"}")) {
            output.write("_manifest.json", manifest);
            history.begin("fill-mask", Instant.parse("2026-01-01T00:00:00Z"));

            assertThat(history.attempts()).as(manifest).hasSize(1);
            for (String name : output.content()) {
                Files.delete(output.path().resolve(name));
            }
            Files.delete(output.path().resolve(".cloze"));
        }
    }

    @Test
    void resultsBecameWhatTheyAreWithTheLastAttemptThatChangedThem() {
        Attempt first = new Attempt("1", "embed", "10:00", "10:05", 3L, true);
        Attempt failed = new Attempt("1", "embed", "11:00", null, null, null);
        Attempt second = new Attempt("1", "embed", "12:00", "12:05", 1L, true);
        Attempt unchanged = new Attempt("1", "embed", "13:00", "13:05", 0L, false);

        assertThat(RunManifest.finished(List.of(first, failed, second, unchanged)))
                .isEqualTo("12:05");
        assertThat(RunManifest.finished(List.of(unchanged))).isEqualTo("13:05");
    }
}
