package dev.cloze.job.cluster;

import static dev.cloze.job.testing.BackgroundRun.CHUNKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.Cloze;
import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's command for YARN, with {@code conf/yarn.properties}, on a real YARN and HDFS. Spark's part for YARN is in its whole
 * distributions only: here in that of PySpark, which {@code python/setup.sh} brings.
 */
@EnabledIfSystemProperty(named = "yarn", matches = "true", disabledReason = "bench/yarn.sh runs it")
class YarnIT {
    private static final int PATIENCE_MINUTES = 5;
    private static final int POLL_MILLIS = 50;
    private static final Pattern APPLICATION = Pattern.compile("application_(\\d+_\\d+)");

    @TempDir
    static Path directory;

    private static HadoopCluster cluster;
    private static Path input;
    private static String corpus;
    private static List<Row> expected;

    @BeforeAll
    static void startClusterAndScoreHere() throws Exception {
        cluster = HadoopCluster.ofHdfsAndYarn(directory.resolve("cluster"));
        cluster.put(Runner.tiny().directory(), "/models/tiny");
        input = BackgroundRun.corpus(directory);
        corpus = cluster.put(input, "/corpora/corpus.txt");
        Path here = directory.resolve("here");
        Runner.Result run = Runner.fillMask(BackgroundRun.arguments(input, here).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        expected = HadoopCluster.rows(here.toString());
        assertThat(expected).hasSize(BackgroundRun.ROWS);
    }

    @AfterAll
    static void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aSecondApplicationMasterGoesOnWhereTheFirstWasKilled() throws Exception {
        String output = cluster.url("/scores/killed");
        Submitted run = submit(
                "killed",
                List.of(),
                Stream.concat(
                                Stream.of("fill-mask", "--model", cluster.url("/models/tiny"), "--input", corpus),
                                Stream.of("--partitions", "" + CHUNKS, "--show", "1", "--output", output))
                        .toArray(String[]::new));
        Map<String, Long> durable;
        try {
            durable = run.waitForChunks(output, CHUNKS / 3);
            kill(applicationMaster());
            run.requireDone();
        } finally {
            run.process.destroyForcibly();
        }

        assertThat(HadoopCluster.rows(output)).as("none is missing, none twice").isEqualTo(expected);
        assertThat(cluster.chunks(output)).hasSize(CHUNKS).containsAllEntriesOf(durable);
        assertThat(cluster.besideChunks(output)).containsExactly("_SUCCESS", "_manifest.json", "_plan.json");
        Map<String, String> logs = logsOf(run);
        assertThat(times("Copied model ", logs))
                .as("copies on the node, for all processes of two attempts")
                .isEqualTo(1);
        assertThat(times("Opened model ", logs))
                .as("at least by executors of two attempts")
                .isGreaterThan(2);
        assertThat(ofContainer("_02_000001", logs))
                .containsPattern("cloze: resuming: \\d+ of " + CHUNKS + " chunks are there")
                .contains("cloze: " + BackgroundRun.ROWS + " rows (" + BackgroundRun.ROWS + " ok)");
    }

    /** What it finds stands in the log of the application master; in containers the model is where its archive was unpacked. */
    @Test
    void theDoctorFindsAModelThatCameWithTheRunInEveryContainer() throws Exception {
        Path archive = directory.resolve("tiny.tar.gz");
        assertThat(new ProcessBuilder("tar", "-czf", archive.toString(), "-C", tiny(), ".")
                        .start()
                        .waitFor())
                .isZero();

        Submitted run = submit("doctor", List.of("--archives", archive + "#tiny"), "doctor", "--model", "tiny");
        run.requireDone();

        String applicationMaster = "_01_000001";
        assertThat(ofContainer(applicationMaster, cluster.logs(run.application(), "stdout")))
                .doesNotContain("BROKEN")
                .containsPattern("ONNX Runtime +2 executors +ok")
                .containsPattern("temporary directory +executor 1 .*ok +.*localDir-nm-")
                .containsPattern("tokenizers +driver +ok .*native library in /tmp/djl/")
                .containsPattern("tokenizers +2 executors +ok .*native library in /tmp/djl/")
                .containsPattern("model +driver +ok +.*localDir-nm-")
                .containsPattern("model +2 executors +ok +.*localDir-nm-");
    }

    private static String tiny() {
        return Runner.tiny().directory().toAbsolutePath().toString();
    }

    private static Map<String, String> logsOf(Submitted run) throws IOException {
        return cluster.logs(run.application(), "stderr");
    }

    /** What the one container said whose name ends so. */
    private static String ofContainer(String end, Map<String, String> logs) {
        return logs.get(logs.keySet().stream()
                .filter(container -> container.endsWith(end))
                .findFirst()
                .orElseThrow());
    }

    /** A submission that runs; {@code said} holds what it says. */
    private record Submitted(Process process, Path said) {
        Map<String, Long> waitForChunks(String output, int count) throws Exception {
            while (process.isAlive()) {
                Map<String, Long> chunks = cluster.chunks(output);
                if (chunks.size() >= count) {
                    return chunks;
                }
                Thread.sleep(POLL_MILLIS);
            }
            throw new AssertionError("It ended before it had " + count + " chunks: " + Files.readString(said));
        }

        /** Its number, with which the names of its containers continue. */
        String application() throws IOException {
            Matcher matcher = APPLICATION.matcher(Files.readString(said));
            assertThat(matcher.find()).isTrue();
            return matcher.group(1);
        }

        void requireDone() throws Exception {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        }
    }

    private static Submitted submit(String name, List<String> options, String... arguments) throws IOException {
        Path said = directory.resolve(name + ".txt");
        List<String> command = new ArrayList<>(List.of(pyspark() + "/bin/spark-submit", "--master", "yarn"));
        command.addAll(List.of("--properties-file", BackgroundRun.HOME + "/conf/yarn.properties"));
        command.addAll(List.of("--jars", SparkJvm.onnxRuntime().toString()));
        command.addAll(ofThisMachine());
        command.addAll(options);
        command.addAll(List.of("--class", Cloze.class.getName(), BackgroundRun.HOME + "/job/target/cloze-job.jar"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment()
                .put("HADOOP_CONF_DIR", cluster.clientConfiguration().toString());
        builder.environment().put("SPARK_HOME", pyspark().toString());
        builder.environment().putAll(environment());
        return new Submitted(builder.start(), said);
    }

    /** Sizes of this machine, what its containers have around them, and Spark's jars where they lie. */
    private static List<String> ofThisMachine() throws IOException {
        Map<String, String> conf = new TreeMap<>(Map.of(
                "spark.executor.instances", "2",
                "spark.executor.cores", "1",
                "spark.executor.memory", "512m",
                "spark.executor.memoryOverhead", "384m",
                "spark.driver.memory", "512m",
                "spark.ui.enabled", "false",
                "spark.yarn.jars", "local:" + pyspark() + "/jars/*"));
        environment().forEach((key, value) -> {
            conf.put("spark.yarn.appMasterEnv." + key, value);
            conf.put("spark.executorEnv." + key, value);
        });
        return conf.entrySet().stream()
                .flatMap(entry -> Stream.of("--conf", entry.getKey() + "=" + entry.getValue()))
                .toList();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "JAVA_TOOL_OPTIONS",
                Processes.SHORT_LIVED,
                "SPARK_LOCAL_IP",
                "127.0.0.1");
    }

    /** Where PySpark has its distribution of Spark; a directory that is not there when there is none. */
    private static Path pyspark() throws IOException {
        Path lib = BackgroundRun.HOME.resolve("target/python/lib");
        if (!Files.isDirectory(lib)) {
            return lib;
        }
        try (Stream<Path> versions = Files.list(lib)) {
            return versions.map(version -> version.resolve("site-packages/pyspark"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElse(lib.resolve("none"));
        }
    }

    /** Processes that YARN started for the driver; the shell around it, too. */
    private static List<ProcessHandle> applicationMaster() {
        return ProcessHandle.current()
                .descendants()
                .filter(process ->
                        process.info().commandLine().orElse("").contains("spark.deploy.yarn.ApplicationMaster"))
                .toList();
    }

    private static void kill(List<ProcessHandle> processes) {
        assertThat(processes).isNotEmpty();
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    private static long times(String said, Map<String, String> logs) {
        return logs.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.contains(said))
                .count();
    }
}
