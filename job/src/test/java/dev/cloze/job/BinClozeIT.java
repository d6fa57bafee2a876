package dev.cloze.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a user starts it: processes of their own, the built jar, Spark's own SparkSubmit. */
class BinClozeIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String CLUSTER = "local-cluster[2,1,1024]";

    @TempDir
    Path directory;

    record Finished(int code, List<String> out, String err) {}

    @Test
    void executorsInJvmsOfTheirOwnAnswerLikeThisOne() throws Exception {
        String model = RealModelsIT.CACHE.resolve("bert-base-uncased").toString();
        Runner.run("model", "import", "bert-base-uncased", "--cache", RealModelsIT.CACHE.toString());
        Path input = Files.write(
                directory.resolve("prompts.txt"),
                IntStream.range(0, 40)
                        .mapToObj(i -> "Number " + i + " is the [MASK] of the " + "long ".repeat(i % 9) + "list.")
                        .toList());
        Path logs = HOME.resolve("job/target/spark/work");
        List<String> before = applications(logs);

        Finished cluster = cloze(
                "--master",
                CLUSTER,
                "--conf",
                "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                "fill-mask",
                "--model",
                model,
                "--input",
                input.toString(),
                "--partitions",
                "8",
                "--json");
        Finished local = cloze("fill-mask", "--model", model, "--input", input.toString(), "--json");

        assertThat(cluster.code).as(cluster.err).isZero();
        assertThat(tokens(cluster)).isEqualTo(tokens(local)).hasSize(40);
        List<String> executors = applications(logs).stream()
                .filter(name -> !before.contains(name))
                .flatMap(application -> executorLogs(logs.resolve(application)))
                .toList();
        assertThat(executors).hasSize(2);
        assertThat(executors)
                .as("times that each executor opened the model")
                .allMatch(log -> log.split("Opened model ", -1).length - 1 == 1);
    }

    @Test
    void masksAndSumsAreTheSameOnExecutorsInJvmsOfTheirOwn() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add("{\"id\": " + i + ", \"lang\": \"" + (i % 3 == 0 ? "pt" : "en") + "\", \"text\": \"paris is "
                    + "the capital of france ".repeat(i % 9) + i + "\"}");
        }
        Path input = Files.write(directory.resolve("corpus.jsonl"), lines);
        List<String> documents = List.of(
                "--method", "mlm", "--mask-share", "0.3", "--id-column", "id", "--group-by", "lang", "--tokens");
        List<String> examples = List.of("--method", "mlm", "--hf-compat", "blocks", "--block-size", "16");

        for (List<String> method : List.of(documents, examples)) {
            List<JsonNode> here = perplexity(input, "here" + method.size(), method);
            List<JsonNode> there = perplexity(
                    input,
                    "there" + method.size(),
                    method,
                    "--master",
                    CLUSTER,
                    "--conf",
                    "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                    "--conf",
                    "spark.sql.shuffle.partitions=5");

            assertThat(there).hasSameSizeAs(here);
            for (int i = 0; i < here.size(); i++) {
                assertThat(here.get(i).equals(BinClozeIT::compare, there.get(i)))
                        .as("%s is %s", there.get(i), here.get(i))
                        .isTrue();
            }
        }
    }

    /** Figures may differ in their last digits, nothing else may. */
    private static int compare(JsonNode left, JsonNode right) {
        boolean close = left.isDouble()
                && right.isDouble()
                && Math.abs(left.asDouble() - right.asDouble()) <= 1e-5 * Math.abs(left.asDouble());
        return close || left.equals(right) ? 0 : 1;
    }

    /** The rows of a run and its summary. */
    private List<JsonNode> perplexity(Path input, String name, List<String> method, String... spark) throws Exception {
        Path output = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of(spark));
        command.addAll(List.of(
                "perplexity",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString(),
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--partitions",
                spark.length == 0 ? "1" : "50",
                "--json"));
        command.addAll(method);
        Finished run = cloze(command.toArray(String[]::new));
        assertThat(run.code).as(run.err).isZero();
        List<JsonNode> all = new ArrayList<>();
        for (String line : run.out) {
            all.add(new ObjectMapper().readTree(line));
        }
        all.add(new ObjectMapper().readTree(output.resolve("_summary.json").toFile()));
        return all;
    }

    private static List<List<String>> tokens(Finished run) throws IOException {
        List<List<String>> all = new ArrayList<>();
        for (String line : run.out) {
            JsonNode row = new ObjectMapper().readTree(line);
            all.add(List.of(
                    row.path("id").asText(),
                    row.path("masks")
                            .get(0)
                            .path("candidates")
                            .findValuesAsText("token")
                            .toString()));
        }
        return all;
    }

    private static List<String> applications(Path logs) throws IOException {
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(logs)) {
            return directories.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static Stream<String> executorLogs(Path application) {
        try (Stream<Path> executors = Files.list(application)) {
            List<String> logs = new ArrayList<>();
            for (Path executor : executors.toList()) {
                logs.add(Files.readString(executor.resolve("stderr")));
            }
            return logs.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFailureOnAnExecutorKeepsItsKind() throws Exception {
        Path copy = Files.copy(onnxRuntime(), directory.resolve("another-onnxruntime.jar"));

        Finished run = cloze(
                "--master",
                CLUSTER,
                "--conf",
                "spark.executor.extraClassPath=" + copy,
                "fill-mask",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString(),
                "--text",
                "a [MASK]");

        assertThat(run.code).isEqualTo(6);
        assertThat(run.err)
                .contains("cloze: Cannot start ONNX Runtime: it is on the class path more than once: [")
                .contains("; keep onnxruntime or onnxruntime_gpu, not both");
    }

    @Test
    void withoutANetworkASecondRunWorks() throws Exception {
        assumeTrue(isNetworkNamespacePossible(), "network namespaces are not permitted here");
        Runner.run("model", "import", "bert-base-uncased", "--cache", RealModelsIT.CACHE.toString());

        Finished run = run(
                "unshare",
                "--map-root-user",
                "--net",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
                HOME + "/bin/cloze",
                "fill-mask",
                "--cache",
                RealModelsIT.CACHE.toString(),
                "--text",
                "The capital of France is [MASK].",
                "--json");

        assertThat(run.code).as(run.err).isZero();
        assertThat(run.out).hasSize(1).allMatch(line -> line.contains("\"paris\""));
    }

    private boolean isNetworkNamespacePossible() throws Exception {
        try {
            return run("unshare", "--map-root-user", "--net", "ip", "link", "set", "lo", "up").code == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void twoHundredPartitionsKeepMemoryFlat() throws Exception {
        Runner.run("model", "import", "bert-base-uncased", "--cache", RealModelsIT.CACHE.toString());
        Path input = Files.write(
                directory.resolve("many.txt"),
                IntStream.range(0, 1200)
                        .mapToObj(i -> i + " is the [MASK] of " + "a long ".repeat(i * 7 % 40) + "list.")
                        .toList());
        ProcessBuilder command = new ProcessBuilder(
                        HOME + "/bin/cloze",
                        "--driver-memory",
                        "600m",
                        "fill-mask",
                        "--cache",
                        RealModelsIT.CACHE.toString(),
                        "--input",
                        input.toString(),
                        "--partitions",
                        "200",
                        "--output",
                        directory.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        // A heap that is resident from the start: what grows is native.
        command.environment().put("JAVA_TOOL_OPTIONS", "-Xms600m -XX:+AlwaysPreTouch");

        List<Long> resident = residentMemory(command.start());

        assertThat(Runner.spark()
                        .read()
                        .parquet(directory.resolve("out").toString())
                        .count())
                .isEqualTo(1200);
        // The last seconds belong to Spark's queries over the results, which load classes of their own.
        int scored = resident.size() * 85 / 100;
        long afterWarmUp = Collections.max(resident.subList(resident.size() / 3, resident.size() / 2));
        long atTheEnd = Collections.max(resident.subList(resident.size() / 2, scored));
        assertThat((double) atTheEnd / afterWarmUp)
                .as("growth of resident memory in the second half: " + resident)
                .isLessThan(1.05);
    }

    /** Samples of anonymous resident memory in KB until the process ends. */
    private static List<Long> residentMemory(Process process) throws Exception {
        List<Long> samples = new ArrayList<>();
        Path status = Path.of("/proc/" + process.pid() + "/status");
        while (!process.waitFor(250, TimeUnit.MILLISECONDS)) {
            try (Stream<String> lines = Files.lines(status)) {
                lines.filter(line -> line.startsWith("RssAnon:"))
                        .forEach(line -> samples.add(Long.parseLong(line.replaceAll("\\D", ""))));
            } catch (IOException | UncheckedIOException e) {
                break;
            }
        }
        assertThat(process.waitFor()).isZero();
        return samples;
    }

    @Test
    void optionsOfSparkMayStandBeforeTheCommandAndTheMasterAnywhere() throws Exception {
        String model = Runner.tiny().directory().toAbsolutePath().toString();

        Finished before = cloze(
                "--master",
                "local[1]",
                "--conf",
                "spark.app.name=x",
                "fill-mask",
                "--model",
                model,
                "--text",
                "a [MASK]",
                "--json");
        Finished after = cloze("fill-mask", "--model", model, "--text", "a [MASK]", "--json", "--master=local[1]");

        assertThat(before.code).as(before.err).isZero();
        assertThat(after.out).isEqualTo(before.out).hasSize(1);
    }

    @Test
    void theJarBringsWhatCollidesAndNothingThatTheClusterHas() throws Exception {
        try (JarFile jar = new JarFile(HOME.resolve("job/target/cloze-job.jar").toFile())) {
            List<String> classes = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class"))
                    .toList();

            assertThat(classes)
                    .contains(
                            "dev/cloze/job/Cloze.class",
                            "dev/cloze/scoring/Scorer.class",
                            "dev/cloze/shaded/protobuf/CodedInputStream.class");
            assertThat(classes)
                    .noneMatch(name -> name.startsWith("org/apache/spark")
                            || name.startsWith("ai/onnxruntime")
                            || name.startsWith("com/google/protobuf")
                            || name.startsWith("com/fasterxml"));
        }
    }

    @Test
    void aMasterOfAPropertiesFileIsTaken() throws Exception {
        Path properties = Files.writeString(directory.resolve("spark.properties"), "spark.master=nowhere\n");

        Finished run = cloze("--properties-file", properties.toString(), "fill-mask", "--text", "a [MASK]");

        assertThat(run.code).isNotZero();
        assertThat(run.err).contains("Master must");
    }

    @Test
    void usageErrorsEndWithCodeTwo() throws Exception {
        assertThat(cloze("fill-mask").code).isEqualTo(2);
        assertThat(cloze("fill-mask").out).isEmpty();
    }

    private static Path onnxRuntime() throws IOException {
        try (Stream<Path> jars = Files.list(HOME.resolve("job/target/onnxruntime"))) {
            return jars.collect(Collectors.collectingAndThen(Collectors.toList(), all -> all.get(0)));
        }
    }

    private Finished cloze(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(HOME + "/bin/cloze"));
        command.addAll(Arrays.asList(args));
        return run(command.toArray(String[]::new));
    }

    private Finished run(String... command) throws Exception {
        Path out = Files.createTempFile(directory, "out", null);
        Path err = Files.createTempFile(directory, "err", null);
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Finished(
                process.exitValue(),
                Files.readAllLines(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
