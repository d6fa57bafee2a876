package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.SparkJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL functions on a real cluster: an executor is lost, a task has two copies, a query is cancelled. */
class SqlOnClusterIT {
    private static final int PATIENCE_MINUTES = 4;
    private static final Path BUILD = Path.of("target").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void whateverHappensToAQueryItsSumsAreTheSameAndNoExecutorHoldsAModelAfterwards() throws Exception {
        List<String> said = new ArrayList<>();
        try (StandaloneCluster cluster = StandaloneCluster.start(directory)) {
            Process driver = driver(cluster);
            CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES)
                    .execute(driver::destroyForcibly);
            try (BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(SqlWorkload.SAYS)) {
                        said.add(line.substring(SqlWorkload.SAYS.length()));
                    }
                    if (line.endsWith(SqlWorkload.SAYS + "scoring")) {
                        assertThat(cluster.dispensableExecutor().destroyForcibly())
                                .isTrue();
                    }
                }
                assertThat(driver.waitFor()).as(err()).isZero();
            } finally {
                driver.destroyForcibly();
            }
        }
        Map<String, String> answers = said.stream()
                .filter(line -> line.contains("["))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(" [")), line -> line.substring(line.indexOf("["))));
        assertThat(answers).as(said.toString()).containsOnlyKeys("undisturbed", "executor lost", "speculation");
        assertThat(answers.values()).containsOnly(answers.get("undisturbed"));
        assertThat(answers.get("undisturbed")).startsWith("[960,");
        assertThat(said).contains("scoring", "cancelled true");
        List<String> held =
                said.stream().filter(line -> line.startsWith("held ")).toList();
        assertThat(held).hasSize(StandaloneCluster.SLOTS).allMatch(line -> line.matches("held \\d+ 0 1"));
        assertThat(said).contains("a copy SUCCESS");
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("driver.log"));
    }

    private Process driver(StandaloneCluster cluster) throws IOException {
        List<String> jars = List.of(
                BUILD.resolve("cloze-job.jar").toString(),
                SparkJvm.onnxRuntime().toString());
        List<String> command = SparkJvm.command(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                cluster.master(),
                "--jars",
                String.join(",", jars),
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.sql.extensions=dev.cloze.spark.ClozeExtensions",
                "--conf",
                "spark.cloze.model=" + Runner.tiny().directory().toAbsolutePath(),
                "--conf",
                "spark.sql.adaptive.enabled=false",
                "--conf",
                "spark.speculation=true",
                "--conf",
                "spark.speculation.interval=100ms",
                "--conf",
                "spark.speculation.quantile=0.5",
                "--conf",
                "spark.speculation.minTaskRuntime=1s",
                "--conf",
                "spark.executor.memory=512m",
                "--class",
                SqlWorkload.class.getName(),
                workload().toString());
        command.add(
                1,
                "-Dlog4j2.configurationFile="
                        + BackgroundRun.HOME.resolve("conf/log4j2.properties").toUri());
        ProcessBuilder builder = Processes.shortLived(new ProcessBuilder(command))
                .redirectError(directory.resolve("driver.log").toFile());
        builder.environment().put("SPARK_HOME", BUILD.resolve("spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }

    /** A jar of the driver's class and its lambdas, which executors need, too. */
    private Path workload() throws IOException {
        Path jar = directory.resolve("workload.jar");
        Path classes = BUILD.resolve("test-classes/dev/cloze/job/cluster");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.list(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith(SqlWorkload.class.getSimpleName())) {
                    entries.putNextEntry(new JarEntry("dev/cloze/job/cluster/" + file.getFileName()));
                    Files.copy(file, entries);
                    entries.closeEntry();
                }
            }
        }
        return jar;
    }
}
