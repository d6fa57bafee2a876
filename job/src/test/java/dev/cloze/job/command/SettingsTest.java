package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings come from, and which of them counts. */
class SettingsTest {
    @TempDir
    Path directory;

    @Test
    void allMistakesAreReportedAtOnce() throws IOException {
        Path conf = Files.writeString(directory.resolve("bad.conf"), "top-k = many\nbatch-tokns = 5\n");

        Result result = Runner.fillMask("--config", conf.toString(), "--partitions", "0", "--outptu", "x");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot run fill-mask: 5 problems:")
                .contains("bad.conf: unknown key batch-tokns, did you mean batch-tokens?")
                .contains("--top-k must be a whole number from 1 to 10000, it is many")
                .contains("there is no corpus: give --input or --text")
                .contains("--partitions must be at least 1, it is 0")
                .contains("there is no option --outptu, did you mean --output?")
                .contains("see `cloze fill-mask --help`");
    }

    @Test
    void flagsGoBeforeSetAndSetBeforeTheFile() throws IOException {
        Path conf = Files.writeString(
                directory.resolve("a.conf"), "top-k = 1\ntext = [\"a [MASK]\", \"b, c [MASK]\"]\njson = true\n");

        assertThat(candidates(Runner.fillMask("--config", conf.toString()))).containsExactly(1, 1);
        assertThat(candidates(Runner.fillMask("--config", conf.toString(), "--set", "top-k=2")))
                .containsExactly(2, 2);
        assertThat(candidates(Runner.fillMask("--config", conf.toString(), "--set", "top-k=2", "--top-k", "3")))
                .containsExactly(3, 3);
    }

    @Test
    void aSettingOfTheCommandLineIsTakenAsItStands() {
        assertThat(candidates(Runner.fillMask("--set", "text=see http://a.b // [MASK]", "--json")))
                .containsExactly(5);
    }

    @Test
    void optionsOfTheReaderMayStandInAFile() throws IOException {
        Path conf = Files.writeString(directory.resolve("a.conf"), "read-option { multiLine = true }\n");
        Path json = Files.writeString(directory.resolve("b.json"), "[{\"text\":\n \"a [MASK]\"}]");

        Result result = Runner.fillMask("--input", json.toString(), "--config", conf.toString(), "--json");

        assertThat(candidates(result)).as(result.err()).containsExactly(5);
    }

    private static List<Integer> candidates(Result result) {
        return result.json().stream()
                .map(row -> row.path("masks").get(0).path("candidates").size())
                .toList();
    }
}
