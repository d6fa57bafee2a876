package dev.cloze.job.command;

import static dev.cloze.job.testing.Runner.perplexity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
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
        JsonNode summary = summary(output).path("corpus");
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
                .contains("--method must be one of pll, pll-word, mlm, causal, it is ppl");
    }

    @Test
    void optionsOfAnotherMethodAreRefusedAtOnce() {
        Result result = perplexity("--text", "a", "--mask-share", "0.2", "--bos", "none", "--group-by", "lang");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("3 problems")
                .contains(
                        "--mask-share, --masking, --seed, --hf-compat, --block-size and --eval-batch-size are for --method"
                                + " mlm")
                .contains("--bos is for --method causal")
                .contains("--text has no columns: leave --group-by out");
        assertThat(perplexity("--text", "a", "--method", "mlm", "--mask-share", "1.5")
                        .err())
                .contains("--mask-share must be above 0 and at most 1, it is 1.5");
    }

    @Test
    void aColumnNamesGroupsOnce() {
        Result result = perplexity("--input", "a.jsonl", "--group-by", "lang,source", "--group-by", "Lang");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--group-by names a column twice: name each once");
    }

    @Test
    void aMethodThatTheModelIsNotMadeForIsRefused() {
        Result masked = perplexity("--text", "a", "--method", "causal");
        assertThat(masked.code()).isEqualTo(5);
        assertThat(masked.err())
                .contains("Cannot predict the next token with model tiny: it is a masked language model");

        for (String method : List.of("pll", "pll-word", "mlm")) {
            Result causal = Runner.command("perplexity", Runner.gpt2(), "--text", "a", "--method", method);
            assertThat(causal.code()).isEqualTo(5);
            assertThat(causal.err()).contains("Cannot hide tokens from model gpt2: it is a causal language model");
        }
        assertThat(Runner.command("fill-mask", Runner.gpt2(), "--text", "a").code())
                .isEqualTo(5);
    }

    @Test
    void aCausalModelScoresEveryTokenOfALongText() throws IOException {
        Path input = Files.writeString(
                directory.resolve("t.txt"), "The capital of France is Paris. ".repeat(9) + "\n\nHello\na\n");

        List<JsonNode> rows = Runner.command(
                        "perplexity", Runner.gpt2(), "--input", input.toString(), "--method", "causal", "--json")
                .json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "empty", "ok", "ok");
        assertThat(rows)
                .allMatch(row ->
                        row.path("tokens").asInt() == row.path("tokens_scored").asInt());
        // transformers: causal/gpt2-cache/expected.json.
        assertThat(rows.get(2).path("nll").asDouble()).isCloseTo(11.3674373, within(1e-4));
        assertThat(rows.get(3).path("nll").asDouble()).isCloseTo(6.7761154, within(1e-4));
    }

    @Test
    void withoutABosTheFirstTokenIsNotScored() {
        List<JsonNode> rows = Runner.command(
                        "perplexity",
                        Runner.gpt2(),
                        "--text",
                        "Hello",
                        "--text",
                        "a",
                        "--method",
                        "causal",
                        "--bos",
                        "none",
                        "--json")
                .json();

        assertThat(rows.get(0).path("tokens_scored").asInt()).isEqualTo(1);
        assertThat(rows.get(0).path("nll").asDouble()).isCloseTo(7.8237681, within(1e-4));
        assertThat(rows.get(0).path("word_perplexity").isNull()).isTrue();
        assertThat(rows.get(1).path("status").asText()).isEqualTo("empty");
        assertThat(rows.get(1).path("error").asText())
                .isEqualTo(
                        "Cannot score the text: nothing stands before its only token; use --bos add, or leave the row"
                                + " out");
    }

    @Test
    void theSameTokensAreDrawnOnAnyNumberOfPartitions() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            text.append("paris is the capital of france ".repeat(i % 17))
                    .append(i)
                    .append('\n');
        }
        Path input = Files.writeString(directory.resolve("t.txt"), text);
        List<JsonNode> expected = masked(input, "1", "512", "42");

        for (String partitions : List.of("2", "7", "50")) {
            List<JsonNode> found = masked(input, partitions, "64", "42");
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                JsonNode left = found.get(i).path("surprisals");
                JsonNode right = expected.get(i).path("surprisals");
                assertThat(left).hasSameSizeAs(right);
                for (int token = 0; token < right.size(); token++) {
                    double nll = right.get(token).path("nll").asDouble();
                    assertThat(left.get(token).path("start"))
                            .isEqualTo(right.get(token).path("start"));
                    assertThat(left.get(token).path("nll").asDouble()).isCloseTo(nll, within(1e-5 * nll));
                }
            }
        }
        assertThat(masked(input, "1", "512", "43")).isNotEqualTo(expected);
    }

    private static List<JsonNode> masked(Path input, String partitions, String budget, String seed) {
        return perplexity(
                        "--input",
                        input.toString(),
                        "--method",
                        "mlm",
                        "--tokens",
                        "--json",
                        "--partitions",
                        partitions,
                        "--batch-tokens",
                        budget,
                        "--seed",
                        seed)
                .json();
    }

    private static List<Double> figures(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--json");
        return perplexity(all.toArray(String[]::new)).json().stream()
                .map(row -> row.path("nll").asDouble())
                .toList();
    }

    private static JsonNode summary(Path output) throws IOException {
        return new ObjectMapper().readTree(output.resolve("_summary.json").toFile());
    }
}
