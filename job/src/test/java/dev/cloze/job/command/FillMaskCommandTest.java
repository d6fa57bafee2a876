package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillMaskCommandTest {

    @TempDir
    Path directory;

    @Test
    void jsonIsAllThatStandsOnStandardOutput() {
        Result result = Runner.fillMask("--text", "a [MASK]", "--text", "b", "--text", "", "--json");

        assertThat(result.json())
                .extracting(row -> row.path("status").asText())
                .containsExactly("ok", "no-mask", "empty");
        assertThat(result.json()).allMatch(row -> row.has("error"));
        assertThat(result.err()).contains("3 rows");
    }

    @Test
    void theTableShowsTheFirstRowsOnly() throws IOException {
        Path input = Files.writeString(directory.resolve("many.txt"), "the [MASK]\n".repeat(500));

        Result result = Runner.fillMask("--input", input.toString(), "--show", "3", "--top-k", "2");

        assertThat(result.out().lines()).hasSize(2 + 3 * 2);
        assertThat(result.out().lines().findFirst())
                .hasValue("id                                position   score  token  token_str  sequence");
        assertThat(result.err()).contains("3 rows (3 ok)").contains("there may be more, --output DIR scores all");
    }

    @Test
    void targetsAreWholeWordsUnlessThePythonRuleIsWanted() {
        assertThat(candidates(Runner.fillMask("--text", "a [MASK]", "--targets", "cyborg,Paris,a", "--json")))
                .containsExactly(3);

        Result hf =
                Runner.fillMask("--text", "a [MASK]", "--targets", "cyborg,Paris,a", "--targets-mode", "hf", "--json");
        assertThat(candidates(hf)).containsExactly(3);
        assertThat(hf.err())
                .contains(
                        "The specified target token `Paris` does not exist in the model vocabulary. Replacing with `paris`.");
    }

    @Test
    void rowsAreShownInTheirOrderWhetherTheyAreKeptOrNot() {
        String[] texts = {
            "--text",
            "a",
            "--text",
            "b [MASK]",
            "--text",
            "c",
            "--text",
            "d",
            "--json",
            "--output",
            directory.resolve("out").toString()
        };

        assertThat(ids(Runner.fillMask(texts))).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aTextOfManyMegabytesIsRefusedAndNothingElseIs() throws IOException {
        Path input = Files.writeString(
                directory.resolve("long.txt"), "a [MASK]\n" + "a ".repeat(3 << 20) + "[MASK]\nb [MASK]\n");

        List<JsonNode> rows =
                Runner.fillMask("--input", input.toString(), "--json").json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "too-long", "ok");
    }

    @Test
    void noTargetsIsNotEveryTarget() {
        assertThat(Runner.fillMask("--text", "a [MASK]", "--targets", ",").err())
                .contains("--targets names no word");
    }

    @Test
    void rowsThatAreOnlyShownMayNotFailEither() throws IOException {
        Path broken = new Corpora(directory).json("broken.jsonl", "a [MASK]", Corpora.BROKEN);

        Result result = Runner.fillMask("--input", broken.toString(), "--max-bad-rows", "0");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).contains("failed");
        assertThat(result.err()).contains("1 of 2 rows failed, --max-bad-rows allows 0");
    }

    private static List<String> ids(Result result) {
        return result.json().stream().map(row -> row.path("id").asText()).toList();
    }

    private static List<Integer> candidates(Result result) {
        return result.json().stream()
                .map(row -> row.path("masks").get(0).path("candidates").size())
                .toList();
    }
}
