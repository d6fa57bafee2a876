package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results as CSV and as lines of JSON. */
class FlatOutputTest {
    private static final List<String> NOTES = List.of(
            "=1+1", "a, b", "say \"hi\"", "two\nlines", "two\r\nlines", "cr\rhere", " padded ", "\\", "\\\"", "é中😀");

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        output = directory.resolve("out");
        List<String> lines = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (int i = 0; i < NOTES.size(); i++) {
            lines.add(json.writeValueAsString(Map.of("id", i, "text", "the [MASK] of [MASK]", "note", NOTES.get(i))));
        }
        lines.add("{\"id\": 100, \"text\": \"no gap\", \"note\": \"\"}");
        lines.add("{\"id\": 101, \"text\": \"the [MASK]\", \"note\": null, \"tags\": [\"x\", \"y\"]}");
        corpus = new Corpora(directory).lines("corpus.jsonl", lines);
    }

    @Test
    void csvHasALineForEachCandidateAndKeepsEveryCharacter() throws IOException {
        Result result = write("fill-mask", "csv", "--keep", "note,tags", "--top-k", "2");

        assertThat(result.code()).as(result.err()).isZero();
        List<List<String>> rows = rows();
        assertThat(rows.get(0))
                .containsExactly(
                        "id",
                        "note",
                        "tags",
                        "position",
                        "start",
                        "end",
                        "score",
                        "token",
                        "token_str",
                        "sequence",
                        "status",
                        "error");
        // Ten texts of two masks, one of none, one of one mask; two candidates each.
        assertThat(rows).hasSize(1 + 10 * 4 + 1 + 2);
        for (int i = 0; i < NOTES.size(); i++) {
            String id = Integer.toString(i);
            List<List<String>> mine =
                    rows.stream().filter(row -> row.get(0).equals(id)).toList();
            assertThat(mine).hasSize(4);
            assertThat(mine).extracting(row -> row.get(1)).containsOnly(NOTES.get(i));
            assertThat(mine).extracting(row -> row.get(3)).containsExactly("2", "2", "4", "4");
        }
        List<String> none = rows.stream()
                .filter(row -> row.get(0).equals("100"))
                .findFirst()
                .orElseThrow();
        assertThat(none.subList(3, 11)).containsExactly("", "", "", "", "", "", "", "no-mask");
        assertThat(rows.stream().filter(row -> row.get(0).equals("101")).toList())
                .extracting(row -> row.get(2))
                .containsOnly("[\"x\",\"y\"]");
        // An empty string is not a missing one.
        assertThat(text()).contains("\n100,\"\",,").contains("\n101,,");
    }

    @Test
    void nestedResultsOfOtherCommandsAreJsonInCsv() throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(write("perplexity", "csv", "--tokens").code()).isZero();
        List<List<String>> documents = rows();
        assertThat(documents).hasSize(1 + 12);
        int surprisals = documents.get(0).indexOf("surprisals");
        JsonNode tokens = json.readTree(documents.get(1).get(surprisals));
        assertThat(tokens).isNotEmpty();
        assertThat(tokens.get(0).path("token").asText()).isEqualTo("the");

        assertThat(write("embed", "CSV", "--overwrite").code()).isZero();
        List<List<String>> vectors = rows();
        assertThat(vectors).hasSize(1 + 12);
        assertThat(json.readTree(vectors.get(1).get(vectors.get(0).indexOf("vector")))
                        .size())
                .isEqualTo(32);

        assertThat(write("augment", "csv", "--overwrite", "--variants", "1", "--min-probability", "0")
                        .code())
                .isZero();
        List<List<String>> candidates = rows();
        int edits = candidates.get(0).indexOf("edits");
        assertThat(candidates.get(0)).contains("variant", "text", "pll_change", "status");
        for (List<String> candidate : candidates.subList(1, candidates.size())) {
            assertThat(json.readTree(candidate.get(edits)).isArray()).isTrue();
        }
    }

    @Test
    void linesOfJsonAreThoseThatAreShown() throws IOException {
        for (String format : List.of("jsonl", "json")) {
            Result result = write("fill-mask", format, "--keep", "note", "--overwrite", "--json");

            assertThat(result.code()).as(result.err()).isZero();
            Set<String> shown = new HashSet<>(result.out().lines().toList());
            assertThat(shown).hasSize(12);
            assertThat(new HashSet<>(text().lines().toList())).isEqualTo(shown);
        }
    }

    @Test
    void twoColumnsOfOneNameAreRefusedBeforeAnythingIsScored() throws IOException {
        Path input = new Corpora(directory).lines("other.jsonl", "{\"text\": \"the [MASK]\", \"Score\": 1}");

        Result refused = Runner.fillMask(
                "--input",
                input.toString(),
                "--keep",
                "Score",
                "--output",
                output.toString(),
                "--output-format",
                "csv");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("Cannot write csv: two of its columns would be named score; leave that one out of --keep, or"
                        + " choose --output-format jsonl");
        assertThat(refused.err()).doesNotContain(" rows (");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).as("no chunk anywhere").allMatch(file -> file.equals(input) || file.equals(corpus));
        }
    }

    private Result write(String command, String format, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--input",
                corpus.toString(),
                "--id-column",
                "id",
                "--output",
                output.toString(),
                "--output-format",
                format));
        args.addAll(List.of(more));
        return Runner.command(command, Runner.tiny(), args.toArray(String[]::new));
    }

    /** All files, one after another. */
    private String text() throws IOException {
        StringBuilder text = new StringBuilder("\n");
        for (Path file : files()) {
            text.append(Files.readString(file, StandardCharsets.UTF_8));
        }
        return text.substring(1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    /** The header, and the records of all files. */
    private List<List<String>> rows() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Path file : files()) {
            List<List<String>> records = records(Files.readString(file, StandardCharsets.UTF_8));
            if (!records.isEmpty()) {
                rows.addAll(rows.isEmpty() ? records : records.subList(1, records.size()));
            }
        }
        return rows;
    }

    /** As RFC 4180 has it, and nothing more. */
    private static List<List<String>> records(String csv) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                field.append(csv.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                record.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    records.add(record);
                    record = new ArrayList<>();
                }
            } else {
                field.append(c);
            }
        }
        return records;
    }
}
