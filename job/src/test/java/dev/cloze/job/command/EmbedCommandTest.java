package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors are those of transformers: {@code udf/src/test/python/features.py}. */
class EmbedCommandTest {
    @TempDir
    Path directory;

    @Test
    void textsBecomeVectors() throws IOException {
        List<String> args = new ArrayList<>(List.of("--json", "--pooling", "mean"));
        List<JsonNode> expected = cases();
        expected.forEach(text -> args.addAll(List.of("--text", text.path("text").asText())));

        List<JsonNode> rows = embed(args.toArray(String[]::new)).json();

        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode vector = rows.get(i).path("vector");
            assertThat(vector).hasSize(32);
            for (int column = 0; column < vector.size(); column++) {
                assertThat(vector.get(column).asDouble())
                        .isCloseTo(expected.get(i).path("mean").get(column).asDouble(), within(1e-4));
            }
        }
    }

    @Test
    void tokensBecomeVectorsWithTheirPlacesInTheText() {
        JsonNode tokens = embed("--text", "paris is new", "--pooling", "tokens", "--json")
                .json()
                .get(0)
                .path("vectors");

        assertThat(tokens).extracting(token -> token.path("token").asText()).containsExactly("paris", "is", "new");
        assertThat(tokens).extracting(token -> token.path("start").asInt()).containsExactly(0, 6, 9);
        assertThat(tokens).allMatch(token -> token.path("vector").size() == 32);
    }

    @Test
    void vectorsAreArraysOfFloatsInParquet() {
        Path output = directory.resolve("out");
        embed("--text", "paris", "--text", "", "--output", output.toString());

        List<Row> rows =
                Runner.spark().read().parquet(output.toString()).orderBy("id").collectAsList();

        assertThat(rows.get(0).schema().apply("vector").dataType().simpleString())
                .isEqualTo("array<float>");
        assertThat(rows.get(0).<Float>getList(1)).hasSize(32);
        assertThat(rows.get(1).isNullAt(1)).isTrue();
        assertThat(rows.get(1).<String>getAs("status")).isEqualTo("empty");
    }

    @Test
    void theTableShowsTheFirstNumbers() {
        String out = embed("--text", "paris is new").out();

        assertThat(out.lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).startsWith("id  size  vector"));
        assertThat(out).contains(" 32  ").contains(" …");
    }

    private static Runner.Result embed(String... args) {
        return Runner.command("embed", Runner.tiny(), args);
    }

    private static List<JsonNode> cases() throws IOException {
        try (InputStream in = EmbedCommandTest.class.getResourceAsStream("/dev/cloze/tiny/features.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(in).path("cases").forEach(cases::add);
            return cases;
        }
    }
}
