package dev.cloze.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityCommandTest {
    @TempDir
    Path directory;

    @Test
    void rowsAddUpToTheCorpus() throws IOException {
        Path input =
                Files.writeString(directory.resolve("t.txt"), "paris is the capital\n\nhello new model of france\n");
        Path output = directory.resolve("out");

        Result result = perplexity("--input", input.toString(), "--output", output.toString(), "--json");

        List<JsonNode> rows = result.json();
        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "empty", "ok");
        double nll =
                rows.stream().mapToDouble(row -> row.path("nll").asDouble()).sum();
        int tokens =
                rows.stream().mapToInt(row -> row.path("tokens_scored").asInt()).sum();
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("_summary.json").toFile());
        assertThat(summary.path("documents").asInt()).isEqualTo(2);
        assertThat(summary.path("tokens_scored").asInt()).isEqualTo(tokens);
        assertThat(summary.path("perplexity").asDouble()).isCloseTo(Math.exp(nll / tokens), within(1e-9));
        assertThat(summary.path("mean_document_perplexity").asDouble())
                .isCloseTo(
                        (rows.get(0).path("perplexity").asDouble()
                                        + rows.get(2).path("perplexity").asDouble())
                                / 2,
                        within(1e-9));
    }

    @Test
    void aRowWithoutAFigureHasNoWeight() {
        JsonNode row = perplexity("--text", "", "--json").json().get(0);

        assertThat(row.path("nll").asDouble()).isZero();
        assertThat(row.path("tokens_scored").asInt()).isZero();
        assertThat(row.path("perplexity").isNull()).isTrue();
        assertThat(row.path("status").asText()).isEqualTo("empty");
    }

    @Test
    void partitionsAndBudgetsChangeOnlyLastDigits() throws IOException {
        Path input = Files.writeString(
                directory.resolve("t.txt"),
                "paris is the capital of france\nhello " + "model ".repeat(90) + "\na b c\n");
        List<Double> expected = figures("--input", input.toString());

        for (String partitions : List.of("1", "2", "7", "50")) {
            List<Double> found =
                    figures("--input", input.toString(), "--partitions", partitions, "--batch-tokens", "64");
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-5 * expected.get(i)));
            }
        }
    }

    @Test
    void theTableEndsWithTheCorpus() {
        String out = perplexity("--text", "paris is the capital").out();

        assertThat(out.lines().findFirst()).hasValue("id  tokens      nll  cross_entropy  perplexity  status");
        assertThat(out).contains("corpus").contains("mean_document_perplexity");
    }

    @Test
    void anUnknownMethodIsRefused() {
        assertThat(perplexity("--text", "a", "--method", "ppl").err())
                .contains("expected one of [pll, pll-word] but was 'ppl'");
    }

    private static List<Double> figures(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--json");
        return perplexity(all.toArray(String[]::new)).json().stream()
                .map(row -> row.path("nll").asDouble())
                .toList();
    }

    private static Result perplexity(String... args) {
        List<String> all = new ArrayList<>(
                List.of("perplexity", "--model", Runner.tiny().directory().toString()));
        all.addAll(List.of(args));
        return Runner.run(all.toArray(String[]::new));
    }
}
