package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Candidates;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentCommandTest {
    @TempDir
    Path directory;

    private static Result augment(String... args) {
        return Runner.command("augment", Runner.tiny(), Candidates.ofAnyWord(args));
    }

    private Path write(List<String> lines) throws IOException {
        return Files.write(Files.createTempFile(directory, "texts", ".txt"), lines);
    }

    @Test
    void withoutOptionsFunctionWordsNamesAndImprobableWordsTakeNoPart() {
        Result any = Runner.command(
                "augment",
                Runner.tiny(),
                "--text",
                "The capital of France is Paris",
                "--variants",
                "8",
                "--share",
                "0.3",
                "--min-probability",
                "0",
                "--json");
        Result help = Runner.run("help", "augment");

        assertThat(any.code()).as(any.err()).isZero();
        assertThat(any.json().stream().flatMap(row -> row.findValuesAsText("original").stream()))
                .isNotEmpty()
                .containsOnly("capital");
        assertThat(help.out().replaceAll("\\s+", " "))
                .contains("Repeatable, or with commas (default: auto).", "are not put in (default: 0.03).");
    }

    @Test
    void aRunThatWasBrokenOffGoesOn() throws IOException {
        Path input = write(Candidates.texts(200));
        Path output = directory.resolve("out");
        String[] args = {
            "--input", input.toString(), "--output", output.toString(), "--variants", "2", "--partitions", "6"
        };
        Result first = augment(args);
        assertThat(first.code()).as(first.err()).isZero();
        Results results = new Results(output);
        List<String> rows = strings(results);
        Map<String, FileTime> chunks = results.chunks();
        assertThat(chunks).hasSizeGreaterThan(3);
        List<String> lost = chunks.keySet().stream().sorted().limit(2).toList();
        for (String chunk : lost) {
            Files.delete(output.resolve(chunk));
        }

        Result unfinished = Runner.run("runs", "show", output.toString());
        Result again = augment(args);

        assertThat(unfinished.out()).containsPattern("rows +\\d+ of 200");
        assertThat(again.err()).contains("resuming: " + (chunks.size() - 2) + " of " + chunks.size());
        assertThat(strings(results)).isEqualTo(rows);
        chunks.keySet().removeAll(lost);
        assertThat(results.chunks()).containsAllEntriesOf(chunks);
        args[5] = "3";
        assertThat(augment(args).err()).contains("--variants was 2, it is 3");
    }

    private static List<String> strings(Results results) {
        return results.rows().stream().map(Row::json).sorted().toList();
    }

    @Test
    void everyRowGetsCandidatesOrAReason() throws IOException {
        Path input = Files.writeString(directory.resolve("rows.json"), """
                {"name": "a", "text": "the capital of france", "label": "x"}
                {"name": "b", "text": "", "label": "y"}
                no json
                {"name": "c", "text": "42 !", "label": "y"}
                {"name": "d", "text": "the", "label": "y"}
                """);

        Result result = augment(
                "--input",
                input.toString(),
                "--id-column",
                "name",
                "--keep",
                "label",
                "--variants",
                "3",
                "--top-k",
                "2",
                "--json");

        assertThat(result.json().get(0).properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("id", "label", "variant", "text", "edits", "pll_change", "status", "error");
        assertThat(result.json())
                .extracting(row ->
                        row.path("id").asText("-") + " " + row.path("variant").asText() + " "
                                + row.path("status").asText())
                .contains("a 1 ok", "b null empty", "- null failed", "c null no-candidate", "d null few-variants")
                .doesNotContain("d 3 ok");
        assertThat(result.json())
                .filteredOn(row -> row.path("variant").isNull())
                .allMatch(row -> row.path("error").asText().startsWith("Cannot "));
        assertThat(augment("--input", input.toString(), "--variants", "9", "--json", "--max-bad-rows", "0.15")
                        .err())
                .contains("1 of 5 rows failed, --max-bad-rows allows 0.15");
        assertThat(augment(
                                "--input",
                                input.toString(),
                                "--variants",
                                "9",
                                "--max-bad-rows",
                                "0.15",
                                "--output",
                                directory.resolve("bad").toString())
                        .err())
                .contains("1 of 5 rows failed, --max-bad-rows allows 0.15");
    }

    @Test
    void candidatesAreShownWithWhatWasChanged() {
        List<String> lines = augment("--text", "paris is good", "--text", "42", "--variants", "2", "--score-candidates")
                .out()
                .lines()
                .toList();

        assertThat(lines.get(0)).matches("id +variant +text +edits +pll_change");
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2)).matches("1 +1 .* \\w+→\\w+ 0\\.\\d+ +[+-]\\d+\\.\\d\\d");
        assertThat(lines.get(4))
                .startsWith("2")
                .contains("there is no word in it")
                .endsWith("no-candidate");
    }

    @Test
    void mistakesAreReportedTogether() {
        Result result = augment(
                "--text",
                "a",
                "--share",
                "2",
                "--min",
                "5",
                "--max",
                "3",
                "--pieces",
                "3..1",
                "--top-p",
                "0",
                "--temperature",
                "0",
                "--min-probability",
                "2",
                "--variants",
                "0",
                "--target",
                "many",
                "--stopwords",
                "xx",
                "--ignore",
                "(",
                "--protect-column",
                "spans",
                "--check",
                "grammar",
                "--min-similarity",
                "3",
                "--unit",
                "piece",
                "--action",
                "insert",
                "--min-length",
                "0");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "16 problems",
                        "--share must be between 0 and 1",
                        "--max must be at least --min, 5",
                        "--pieces must be a number of 1 to 3 or a range such as 1..3, it is 3..1",
                        "--top-p must be above 0",
                        "--temperature must be above 0",
                        "--min-probability must be between",
                        "--variants must be a whole number from 1 to 10000, it is 0",
                        "--target is for --balance-by",
                        "--target must be a number or max, it is many",
                        "--stopwords xx is neither a file nor one of auto, none, da, de, en",
                        "--ignore ( is no regular expression",
                        "--text has no columns: leave --protect-column out",
                        "--check grammar is not installed",
                        "--min-similarity must be between",
                        "--unit piece is for --action replace",
                        "--min-length must be a whole number from 1 to 1000, it is 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\\\"start\\\": 0, \\\"end\\\": 11}]", "[[0, 3], [4, 11]]"})
    void spansOfAColumnStayAsTheyAre(String spans) throws IOException {
        Path input = Files.writeString(
                directory.resolve("spans.json"),
                "{\"text\": \"the capital of france\", \"kind\": \"x\", \"spans\": " + spans.replace("\\", "")
                        + "}\n{\"text\": \"the capital\", \"spans\": null}\n");

        List<JsonNode> rows = augment(
                        "--input", input.toString(), "--protect-column", "spans", "--share", "1", "--json")
                .json();

        assertThat(rows.get(0).path("text").asText()).startsWith("the capital ").doesNotContain("of france");
        assertThat(rows.get(0).path("edits")).hasSize(2);
        assertThat(rows.get(1).path("edits")).hasSize(2);
        assertThat(augment("--input", input.toString(), "--protect-column", "kind")
                        .err())
                .contains("its type is string; name a column of array<struct<start,end>>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [[0, 11]] | [[1]] [[null,3]] [null] [[-2,3]] [[3,2]] [[0,5000000000]]
            [{"start": 0, "end": 11}] | [{"start":1}] [{"start":1,"end":"x"}] [null]
            """)
    void aStretchThatIsNoneFailsItsRowAlone(String good, String bad) throws IOException {
        List<String> lines = new ArrayList<>(List.of("{\"text\": \"the capital of france\", \"spans\": " + good + "}"));
        for (String spans : bad.split(" ")) {
            lines.add("{\"text\": \"the capital\", \"spans\": " + spans + "}");
        }
        Path input = new Corpora(directory).lines("bad-spans.json", lines);

        List<JsonNode> rows = augment("--input", input.toString(), "--protect-column", "spans", "--json")
                .json();

        assertThat(rows).hasSameSizeAs(lines);
        assertThat(rows.get(0).path("status").asText()).isEqualTo("ok");
        assertThat(rows.subList(1, rows.size()))
                .allMatch(row -> row.path("status").asText().equals("failed"))
                .allMatch(row -> row.path("error").asText().contains("a protected span goes from "));
    }

    @Test
    void stopwordsComeFromListsAndFiles() throws IOException {
        Path file = Files.writeString(directory.resolve("own.txt"), "France\ncapital\n");

        assertThat(changed("--stopwords", "en")).containsOnly("capital", "france", "cidade");
        assertThat(changed("--stopwords", "en," + file)).containsOnly("cidade");
        assertThat(changed("--stopwords", "pt", "--ignore", "[a-i].*")).containsOnly("the", "of");
    }

    private static List<String> changed(String... args) {
        return changedBy("the capital of france a cidade", args);
    }

    private static List<String> changedBy(String text, String... args) {
        List<String> all = new ArrayList<>(List.of("--text", text, "--variants", "8", "--json", "--share", "0.3"));
        Collections.addAll(all, args);
        return augment(all.toArray(String[]::new)).json().stream()
                .flatMap(row -> row.findValuesAsText("original").stream())
                .distinct()
                .toList();
    }

    /** The words of a text tell its language, the place of a capital a name. */
    @Test
    void functionWordsAndNamesStayAsTheyAreUnlessSaidOtherwise() {
        assertThat(changedBy("The capital of France is Paris", "--stopwords", "auto", "--names", "auto"))
                .containsOnly("capital");
        assertThat(changedBy("The capital of France is Paris", "--stopwords", "auto"))
                .containsOnly("capital", "France", "Paris");
        assertThat(changedBy("The capital of France is Paris", "--names", "keep"))
                .doesNotContain("France", "Paris");
        assertThat(changedBy("O capital de Paris", "--stopwords", "auto")).doesNotContain("O", "de");
    }

    @Test
    void boundsAreNamed() {
        Result result = augment(
                "--text=a",
                "--variants=1000000000",
                "--top-k=1000000",
                "--max=5000",
                "--min-length=100000",
                "--batch-tokens=2000000000",
                "--partitions=1000000000",
                "--stopwords=none,en");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "7 problems",
                        "--variants must be a whole number from 1 to 10000, it is 1000000000",
                        "--top-k must be a whole number from 1 to 10000, it is 1000000",
                        "--max must be a whole number from 1 to 1000, it is 5000",
                        "--min-length must be a whole number from 1 to 1000, it is 100000",
                        "--batch-tokens must be a whole number from 1 to 1000000, it is 2000000000",
                        "--partitions must be at most 100000, it is 1000000000",
                        "--stopwords none stands alone");
    }

    @Test
    void similarityIsReadFromTheSameModel() {
        List<JsonNode> near = augment(
                        "--text",
                        "the capital of france is paris",
                        "--variants",
                        "6",
                        "--min-similarity",
                        "0.97",
                        "--json")
                .json();
        List<JsonNode> none = augment(
                        "--text",
                        "the capital of france is paris",
                        "--variants",
                        "6",
                        "--min-similarity",
                        "1",
                        "--json")
                .json();

        assertThat(near).anyMatch(row -> row.path("status").asText().equals("ok"));
        assertThat(none).hasSize(1);
        assertThat(none.get(0).path("error").asText()).contains("failed --min-similarity");
    }
}
