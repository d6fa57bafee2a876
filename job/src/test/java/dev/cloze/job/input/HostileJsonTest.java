package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line of JSON ends no run, whatever it is. */
class HostileJsonTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {101, 900, 5_000, 200_000})
    void aLineThatIsNestedTooDeepFailsAlone(int depth) throws IOException {
        for (String line : List.of(objects(depth), arrays(depth), "{\"text\": " + objects(depth - 1) + "}")) {
            List<JsonNode> rows = rows(line);

            assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "failed", "ok");
            assertThat(rows.get(1).path("error").asText())
                    .startsWith("Cannot read this row: it is nested deeper than 100 levels: {");
        }
    }

    @Test
    void linesThatAreNoObjectsFailAlone() throws IOException {
        String[] lines = {
            "[1, 2]",
            "\"text\"",
            "17",
            "null",
            "{\"text\": \"a\"} {\"text\": \"b\"}",
            "{\"text\": \"a\"",
            "\u0000",
            "{\"text\": tru}",
            "{\"a\": " + "9".repeat(100_000) + "x}",
            "{,}",
            "}",
            "{\"text\": \"\\uD8\"}"
        };

        List<JsonNode> rows = rows(lines);

        assertThat(rows).hasSize(lines.length + 2);
        assertThat(rows.subList(1, lines.length + 1))
                .allMatch(row -> row.path("status").asText().equals("failed"));
        assertThat(rows.get(0).path("status").asText()).isEqualTo("ok");
        assertThat(rows.get(lines.length + 1).path("status").asText()).isEqualTo("ok");
    }

    @Test
    void oddValuesAreRowsLikeOthers() throws IOException {
        String keys = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"key" + i + "\": " + i)
                .collect(Collectors.joining(", "));
        String[] lines = {
            "{\"text\": \"a\", \"n\": " + "9".repeat(100_000) + "}",
            "{\"text\": \"a\", \"n\": 1e999999999}",
            "{\"text\": \"a\", " + keys + "}",
            "{\"text\": \"a\", \"Text\": 1, \"TEXT\": {}}",
            "{\"text\": \"a\", \"\": 1, \"`\": 2, \"a.b\": 3, \"cloze_problem\": 4, \"_corrupt_record\": 5}",
            "{\"text\": \"nul \\u0000 \\uD800\"}"
        };

        assertThat(rows(lines))
                .hasSize(lines.length + 2)
                .noneMatch(row -> row.path("status").asText().equals("failed"));
    }

    @Test
    void keptColumnsOfAnyShapeAreKept() throws IOException {
        String keys = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"key" + i + "\": " + i)
                .collect(Collectors.joining(", "));
        for (String meta : List.of(objects(90), "{}", "{" + keys + "}", "{\"a\": 1, \"A\": 2}", arrays(90))) {
            Path file = new Corpora(directory)
                    .lines("kept.jsonl", "{\"text\": \"a [MASK]\", \"meta\": " + meta + "}", "{\"text\": \"b\"}");
            Path output = directory.resolve("out");

            Result result = Runner.fillMaskOfAnything(
                    "--input", file.toString(), "--keep", "meta", "--output", output.toString(), "--overwrite");

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains("column meta is read as text of JSON");
            assertThat(Runner.spark()
                            .read()
                            .parquet(output.toString())
                            .filter("meta is not null")
                            .select("meta")
                            .as(org.apache.spark.sql.Encoders.STRING())
                            .collectAsList())
                    .containsExactly(meta);
        }
    }

    @Test
    void emptyObjectsOfKeysThatDifferInCaseAreNotMistaken() throws IOException {
        Path file = new Corpora(directory)
                .lines(
                        "cases.jsonl",
                        "{\"text\": \"a\", \"Meta\": {}}",
                        "{\"text\": \"b\", \"meta\": {}}",
                        "{\"text\": \"c\", \"Meta\": {\"b\": 1}}");

        List<JsonNode> rows = Runner.fillMaskOfAnything("--input", file.toString(), "--keep", "meta", "--json")
                .json();

        assertThat(rows).extracting(row -> row.path("meta").asText("none")).containsExactly("none", "{}", "none");
        assertThat(Runner.fillMaskOfAnything("--input", file.toString(), "--keep", "META")
                        .err())
                .contains("Cannot read column ")
                .contains("name one of them in its own case");
    }

    @Test
    void keysAreFoundByTheirNames() throws IOException {
        Path file = new Corpora(directory)
                .lines(
                        "keys.jsonl",
                        "{\"a.b\": \"x\", \"a`b\": \"y\", \"a\": {\"b\": \"no\"}, \"Body\": \"the text\"}");

        JsonNode row = Runner.fillMaskOfAnything(
                        "--input",
                        file.toString(),
                        "--text-column",
                        "body",
                        "--id-column",
                        "a.b",
                        "--keep",
                        "a`b",
                        "--json")
                .json()
                .get(0);

        assertThat(row.path("id").asText()).isEqualTo("x");
        assertThat(row.path("a`b").asText()).isEqualTo("y");
        assertThat(row.path("status").asText()).isEqualTo("no-mask");
        assertThat(Runner.fillMaskOfAnything("--input", file.toString(), "--text-column", "bod")
                        .err())
                .contains("the corpus has the columns Body, a, a.b, a.b, a`b; did you mean Body?");
    }

    @Test
    void aFileOfOneValueIsReadValueByValue() throws IOException {
        Path file = Files.writeString(
                directory.resolve("values.json"),
                "[\n{\"text\": \"a\",\n \"id\": 1},\n{\"text\": \"b ]}\\\"\", \"id\": 2} , " + objects(900) + "]\n");

        List<JsonNode> rows = Runner.fillMaskOfAnything(
                        "--input", file.toString(), "--id-column", "id", "--json", "--read-option", "multiLine=true")
                .json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("no-mask", "no-mask", "failed");
    }

    @Test
    void aLineOfAHundredMegabytesFailsAlone() throws IOException {
        byte[] line = ("{\"text\": \"" + "a".repeat(100 << 20) + "\"}").getBytes(StandardCharsets.US_ASCII);
        Path file = directory.resolve("long.jsonl");
        try (var out = Files.newOutputStream(file)) {
            out.write("{\"text\": \"a [MASK]\"}\n".getBytes(StandardCharsets.US_ASCII));
            out.write(line);
            out.write("\n{\"text\": \"b [MASK]\"}\n".getBytes(StandardCharsets.US_ASCII));
        }

        List<JsonNode> rows =
                Runner.fillMaskOfAnything("--input", file.toString(), "--json").json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "failed", "ok");
        assertThat(rows.get(1).path("error").asText())
                .isEqualTo("Cannot read this row: it is longer than 67,108,864 characters; cut it into several rows");
    }

    /** Rows of a corpus in which {@code lines} stand between two good ones. */
    private List<JsonNode> rows(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("{\"text\": \"a [MASK]\"}"));
        Collections.addAll(all, lines);
        all.add("{\"text\": \"b [MASK]\"}");
        Path file = new Corpora(directory).lines("hostile.jsonl", all);
        Result result = Runner.fillMaskOfAnything("--input", file.toString(), "--json", "--top-k", "1");
        assertThat(result.code()).as(result.err()).isZero();
        return result.json();
    }

    private static String objects(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    /** An object of nested arrays. */
    private static String arrays(int depth) {
        return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    }
}
