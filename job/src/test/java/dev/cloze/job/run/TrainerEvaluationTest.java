package dev.cloze.job.run;

import static dev.cloze.job.testing.Runner.perplexity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --hf-compat}, held against {@code udf/src/test/python/perplexity.py}. */
class TrainerEvaluationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void examplesAndLossAreThoseOfTheTrainer(String partitions) throws IOException {
        JsonNode reference = reference();
        List<String> lines = new ArrayList<>();
        for (JsonNode row : reference.path("rows")) {
            lines.add(JsonNodeFactory.instance.objectNode().set("text", row).toString());
        }
        Path input = new Corpora(directory).lines("rows.jsonl", lines);
        for (JsonNode expected : reference.path("cases")) {
            String batchSize = expected.path("batch_size").asText();
            Path output = directory.resolve(expected.path("grouping").asText() + batchSize);

            Result result = perplexity(
                    "--input",
                    input.toString(),
                    "--method",
                    "mlm",
                    "--hf-compat",
                    expected.path("grouping").asText(),
                    "--block-size",
                    expected.path("size").asText(),
                    "--eval-batch-size",
                    batchSize,
                    "--partitions",
                    partitions,
                    "--output",
                    output.toString(),
                    "--json");

            assertSame(result.json(), expected.path("examples"));
            JsonNode corpus = new ObjectMapper()
                    .readTree(output.resolve("_summary.json").toFile())
                    .path("corpus");
            assertThat(corpus.path("examples").asInt())
                    .isEqualTo(expected.path("examples").size());
            assertThat(corpus.path("eval_loss").asDouble())
                    .isCloseTo(expected.path("eval_loss").asDouble(), within(1e-5));
            assertThat(corpus.path("eval_perplexity").asDouble())
                    .isCloseTo(expected.path("perplexity").asDouble(), within(1e-2));
        }
    }

    /** Spark begins with the largest file, and which rows make an example depends on their order. */
    @Test
    void rowsOfSeveralFilesMakeExamplesInTheOrderOfTheirNames() throws IOException {
        JsonNode reference = reference();
        List<String> lines = new ArrayList<>();
        for (JsonNode row : reference.path("rows")) {
            lines.add(JsonNodeFactory.instance.objectNode().set("text", row).toString());
        }
        Corpora corpora = new Corpora(directory);
        Path first = corpora.lines("a.jsonl", lines.subList(0, 2));
        Path second = corpora.lines("b.jsonl", lines.subList(2, lines.size()));
        assertThat(Files.size(first)).isLessThan(Files.size(second));
        JsonNode expected = reference.path("cases").get(0);

        Result result = perplexity(
                "--input",
                second.toString(),
                "--input",
                first.toString(),
                "--method",
                "mlm",
                "--hf-compat",
                expected.path("grouping").asText(),
                "--block-size",
                expected.path("size").asText(),
                "--eval-batch-size",
                expected.path("batch_size").asText(),
                "--json");

        assertSame(result.json(), expected.path("examples"));
    }

    private static void assertSame(List<JsonNode> found, JsonNode expected) {
        assertThat(found).hasSize(expected.size());
        for (int i = 0; i < found.size(); i++) {
            JsonNode row = found.get(i);
            JsonNode example = expected.get(i);
            assertThat(row.path("id").asText()).isEqualTo(example.path("id").asText());
            assertThat(row.path("tokens").asInt())
                    .isEqualTo(example.path("tokens").asInt());
            assertThat(row.path("tokens_scored").asInt())
                    .isEqualTo(example.path("scored").asInt());
            assertThat(row.path("nll").asDouble()).isCloseTo(example.path("nll").asDouble(), within(1e-3));
            assertThat(row.path("status").asText())
                    .isEqualTo(example.path("scored").asInt() == 0 ? "no-mask" : "ok");
        }
    }

    @Test
    void aRowThatIsNoJsonIsToldAndIsPartOfNoExample() throws IOException {
        Path input =
                Files.writeString(directory.resolve("rows.jsonl"), "{\"text\": \"paris is the capital\"}\n{broken\n");

        List<JsonNode> rows = perplexity(
                        "--input",
                        input.toString(),
                        "--method",
                        "mlm",
                        "--hf-compat",
                        "line-by-line",
                        "--mask-share",
                        "1",
                        "--json")
                .json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactlyInAnyOrder("ok", "failed");
    }

    @Test
    void aRowThatIsTooLongIsToldAndItsNeighboursAreScored() throws IOException {
        Path input = Files.writeString(
                directory.resolve("rows.txt"),
                "paris is the capital\n" + "x".repeat((4 << 20) + 1) + "\nparis is new\n");

        for (String grouping : List.of("line-by-line", "blocks")) {
            List<JsonNode> rows = perplexity(
                            "--input",
                            input.toString(),
                            "--method",
                            "mlm",
                            "--hf-compat",
                            grouping,
                            "--block-size",
                            "5",
                            "--mask-share",
                            "1",
                            "--json")
                    .json();

            assertThat(rows)
                    .extracting(row -> row.path("status").asText())
                    .containsExactlyInAnyOrder("ok", "ok", "too-long");
        }
    }

    @Test
    void aBlockThatTheModelCannotReadIsRefused() {
        Result result = perplexity("--text", "a", "--method", "mlm", "--hf-compat", "blocks", "--block-size", "65");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot cut examples of 65 tokens: the model reads 64 at once; lower --block-size");
    }

    @Test
    void optionsOfDocumentsAreRefused() {
        assertThat(perplexity("--text", "a", "--method", "mlm", "--hf-compat", "blocks", "--tokens")
                        .err())
                .contains(
                        "--hf-compat scores examples, not documents: leave --tokens, --group-by, --merge, --long, --id-column,"
                                + " --keep and --row-column out");
        assertThat(perplexity("--text", "a", "--method", "mlm", "--block-size", "8")
                        .err())
                .contains("--block-size and --eval-batch-size are for --hf-compat");
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in = TrainerEvaluationTest.class.getResourceAsStream("/dev/cloze/tiny/examples.json")) {
            return new ObjectMapper().readTree(in);
        }
    }
}
