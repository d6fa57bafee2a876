package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own, from the built jar: they answer like this JVM, from one open model each. */
class ExecutorsIT {
    private static final List<String> CLUSTER = List.of(
            "--master", BinCloze.CLUSTER, "--conf", "spark.serializer=org.apache.spark.serializer.KryoSerializer");

    @TempDir
    Path directory;

    @Test
    void executorsFillMasksLikeThisJvmAndOpenTheModelOnce() throws Exception {
        String cache = Runner.MODEL_CACHE.toString();
        Path input = new Corpora(directory)
                .numbered(
                        "prompts.txt",
                        0,
                        40,
                        i -> "Number " + i + " is the [MASK] of the " + "long ".repeat(i % 9) + "list.");
        Result here = Runner.run("fill-mask", "--cache", cache, "--input", input.toString(), "--json");
        ExecutorLogs before = ExecutorLogs.now();

        List<String> there = new ArrayList<>(CLUSTER);
        there.addAll(List.of("fill-mask", "--model", Runner.MODEL_CACHE.resolve("bert-base-uncased") + ""));
        there.addAll(List.of("--input", input.toString(), "--partitions", "8", "--json"));
        Result cluster = new BinCloze(directory).run(there.toArray(String[]::new));

        assertThat(cluster.code()).as(cluster.err()).isZero();
        assertThat(tokens(cluster)).isEqualTo(tokens(here)).hasSize(40);
        assertThat(ExecutorLogs.since(before))
                .hasSize(2)
                .as("times that each executor opened the model")
                .allMatch(log -> log.split("Opened model ", -1).length - 1 == 1);
    }

    private static List<List<String>> tokens(Result run) {
        return run.json().stream()
                .map(row -> List.of(
                        row.path("id").asText(),
                        row.path("masks")
                                .get(0)
                                .path("candidates")
                                .findValuesAsText("token")
                                .toString()))
                .toList();
    }

    @Test
    void maskedTokensAndSumsAreTheSame() throws Exception {
        requireSame("--method", "mlm", "--mask-share", "0.3", "--id-column", "id", "--group-by", "lang", "--tokens");
    }

    @Test
    void examplesOfTheTrainerAreTheSame() throws Exception {
        requireSame("--method", "mlm", "--hf-compat", "blocks", "--block-size", "16");
    }

    private void requireSame(String... method) throws Exception {
        List<String> lines = IntStream.range(0, 60)
                .mapToObj(i -> "{\"id\": " + i + ", \"lang\": \"" + (i % 3 == 0 ? "pt" : "en")
                        + "\", \"text\": \"paris is " + "the capital of france ".repeat(i % 9) + i + "\"}")
                .toList();
        Path input = new Corpora(directory).lines("corpus.jsonl", lines);
        Path here = directory.resolve("here");
        Path there = directory.resolve("there");
        List<String> spark = new ArrayList<>(CLUSTER);
        spark.addAll(List.of("--conf", "spark.sql.shuffle.partitions=5"));

        List<JsonNode> expected =
                figures(Runner.perplexity(arguments(input, here, "1", method).toArray(String[]::new)), here);
        List<JsonNode> found =
                figures(new BinCloze(directory).run(spark, "perplexity", arguments(input, there, "50", method)), there);

        assertThat(found).hasSameSizeAs(expected).hasSizeGreaterThan(30);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(expected.get(i).equals(ExecutorsIT::compare, found.get(i)))
                    .as("%s is %s", found.get(i), expected.get(i))
                    .isTrue();
        }
    }

    private static List<String> arguments(Path input, Path output, String partitions, String... method) {
        List<String> arguments = new ArrayList<>(List.of(method));
        arguments.addAll(List.of("--input", input.toString(), "--output", output.toString()));
        arguments.addAll(List.of("--partitions", partitions, "--json"));
        return arguments;
    }

    /** The rows of a run and its summary. */
    private static List<JsonNode> figures(Result run, Path output) throws IOException {
        assertThat(run.code()).as(run.err()).isZero();
        List<JsonNode> all = new ArrayList<>(run.json());
        all.add(new ObjectMapper().readTree(output.resolve("_summary.json").toFile()));
        return all;
    }

    /** Figures may differ in their last digits, nothing else may. */
    private static int compare(JsonNode left, JsonNode right) {
        boolean close = left.isDouble()
                && right.isDouble()
                && Math.abs(left.asDouble() - right.asDouble()) <= 1e-5 * Math.abs(left.asDouble());
        return close || left.equals(right) ? 0 : 1;
    }

    @Test
    void aFailureOnAnExecutorKeepsItsKind() throws Exception {
        Path copy = Files.copy(SparkJvm.onnxRuntime(), directory.resolve("another-onnxruntime.jar"));
        List<String> spark = new ArrayList<>(CLUSTER);
        spark.addAll(List.of("--conf", "spark.executor.extraClassPath=" + copy));

        Result run = new BinCloze(directory).run(spark, "fill-mask", List.of("--text", "a [MASK]"));

        assertThat(run.code()).isEqualTo(6);
        assertThat(run.err())
                .contains("cloze: Cannot start ONNX Runtime: it is on the class path more than once: [")
                .contains("; keep onnxruntime or onnxruntime_gpu, not both");
    }
}
