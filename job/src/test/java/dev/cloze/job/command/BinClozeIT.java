package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a user starts it: processes of their own, the built jar, Spark's own SparkSubmit. */
class BinClozeIT {
    private static final Path HOME = BackgroundRun.HOME;

    @TempDir
    Path directory;

    @Test
    void withoutANetworkASecondRunWorks() throws Exception {
        assumeTrue(isNetworkNamespacePossible(), "network namespaces are not permitted here");
        Runner.run("model", "import", "bert-base-uncased", "--cache", Runner.MODEL_CACHE.toString());

        Result run = finish(
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
                Runner.MODEL_CACHE.toString(),
                "--text",
                "The capital of France is [MASK].",
                "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).hasLineCount(1).contains("\"paris\"");
    }

    private boolean isNetworkNamespacePossible() throws Exception {
        try {
            return finish("unshare", "--map-root-user", "--net", "ip", "link", "set", "lo", "up")
                            .code()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void optionsOfSparkMayStandBeforeTheCommandAndTheMasterAnywhere() throws Exception {
        String model = Runner.tiny().directory().toAbsolutePath().toString();

        Result before = new BinCloze(directory)
                .run(
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
        Result after = new BinCloze(directory)
                .run("fill-mask", "--model", model, "--text", "a [MASK]", "--json", "--master=local[1]");

        assertThat(before.code()).as(before.err()).isZero();
        assertThat(after.out()).isEqualTo(before.out()).hasLineCount(1);
    }

    @Test
    void aGlobOverPartitionDirectoriesHasTheirColumnsAndNothingOfSparkIsSaid() throws Exception {
        for (int year : List.of(2024, 2025)) {
            Files.writeString(
                    Files.createDirectories(directory.resolve("corpus/year=" + year))
                            .resolve("a.txt"),
                    "a [MASK]\n");
        }

        Result run = new BinCloze(directory)
                .run(
                        List.of(),
                        "fill-mask",
                        List.of("--input", directory.resolve("corpus/year=*").toString(), "--keep", "year", "--json"));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json()).extracting(row -> row.get("year").asInt()).containsExactlyInAnyOrder(2024, 2025);
        assertThat(run.err().lines()).allMatch(line -> line.startsWith("cloze: "));
    }

    @Test
    void classesOfSparkAreArchivedOnce() throws Exception {
        assertThat(new BinCloze(directory).run("fill-mask").code()).isEqualTo(2);
        Path archive = HOME.resolve("job/target/spark-classes.jsa");
        FileTime made = Files.getLastModifiedTime(archive);

        assertThat(new BinCloze(directory).run("fill-mask").err()).doesNotContain("archiving");

        assertThat(archive).isNotEmptyFile();
        assertThat(HOME.resolve("job/target/direct-classes.jsa")).isNotEmptyFile();
        assertThat(HOME.resolve("job/target/help-classes.jsa")).isNotEmptyFile();
        assertThat(Files.getLastModifiedTime(archive)).isEqualTo(made);
    }

    /** Help starts with a few of the jars only. */
    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "--version", "help", "help perplexity", "help model import", "audit --help", "completion bash"})
    void helpNeedsNothingThatIsNotOnItsShortClassPath(String line) throws Exception {
        Result run = new BinCloze(directory).run(line.split(" "));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isNotEmpty();
        assertThat(run.err()).isEmpty();
    }

    /** Spark's driver needs an address of its own. */
    @Test
    void textsThatAreOnlyShownStartNoSparkAndAnOutputDoes() throws Exception {
        String model = Runner.tiny().directory().toAbsolutePath().toString();
        List<String> command = List.of("fill-mask", "--model", model, "--text", "a [MASK]", "--json");

        Result shown = withoutAddress(command);
        Result kept = withoutAddress(
                Stream.concat(command.stream(), Stream.of("--output", directory + "/out")).toList());

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).hasLineCount(1);
        assertThat(kept.code()).isNotZero();
        assertThat(kept.err()).contains("nowhere.invalid");
    }

    private Result withoutAddress(List<String> command) throws Exception {
        ProcessBuilder run = BinCloze.command(command.toArray(String[]::new));
        run.environment().put("SPARK_LOCAL_IP", "nowhere.invalid");
        return new Processes(directory).finish(run);
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

        Result run = new BinCloze(directory)
                .run("--properties-file", properties.toString(), "fill-mask", "--text", "a [MASK]");

        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains("Master must");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nothing",
                "--nothing=1",
                "--model=tiny",
                "--class=x",
                "-x",
                "-",
                "-1",
                "\u001b[31m-",
                "-\u202e\u001b[31m"
            })
    void whatIsNoOptionOfSparkBeforeTheCommandIsRefusedWithOneMessage(String option) throws Exception {
        Result run = new BinCloze(directory).run(option, "fill-mask", "--model", "x", "--text", "a [MASK]");

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).startsWith("cloze: Cannot").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void memoryAndOptionsOfJavaInAFileOfSparksSettingsCount() throws Exception {
        Path properties = Files.writeString(
                directory.resolve("driver.properties"),
                "spark.driver.memory=700m\nspark.driver.extraJavaOptions=-XX:+PrintFlagsFinal\n");
        ProcessBuilder command = BinCloze.command(
                "--properties-file", properties.toString(), "model", "list", "--cache", directory.toString());
        // More than Spark's launcher has, for which it is not meant.
        command.environment().merge("JAVA_TOOL_OPTIONS", "-Xms300m", (other, own) -> other + " " + own);

        Result run = new Processes(directory).finish(command);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("MaxHeapSize +=  *" + 700 * 1024 * 1024 + " ")
                .contains("bert-base-uncased");
    }

    @Test
    void optionsThatSparksLauncherRefusesAreOneMessage() throws Exception {
        Result run = new BinCloze(directory).run("--conf", "spark.driver.extraJavaOptions=-Xmx2g", "model", "list");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .hasLineCount(1)
                .startsWith(
                        "cloze: Cannot start: Spark's launcher says: Not allowed to specify max heap(Xmx) memory settings")
                .endsWith("; correct Spark's options\n");
        assertThat(run.out()).isEmpty();
    }

    /** The launcher gives this option to show the manual of spark-submit. */
    @Test
    void anOptionOfTheLaunchersOwnIsNoneOfCloze() throws Exception {
        Result run = new BinCloze(directory).run("model", "list", "--usage-error");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("cloze: Cannot run model list: there is no option --usage-error");
    }

    @Test
    void aFileOfSparksSettingsThatIsNotThereIsNamed() throws Exception {
        Result run = new BinCloze(directory).run("--properties-file", directory + "/none", "model", "list");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("cloze: Cannot start: --properties-file " + directory
                        + "/none cannot be read; name a file of Spark's settings\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1g", "0", "4 g", "4gb", "1e3"})
    void memoryOfTheDriverThatIsNoneIsRefused(String memory) throws Exception {
        Result run = new BinCloze(directory).run("--driver-memory", memory, "fill-mask", "--text", "a [MASK]");

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).startsWith("cloze: Cannot start: --driver-memory");
    }

    @Test
    void usageErrorsEndWithCodeTwo() throws Exception {
        assertThat(new BinCloze(directory).run("fill-mask").code()).isEqualTo(2);
        assertThat(new BinCloze(directory).run("fill-mask").out()).isEmpty();
    }

    private Result finish(String... command) throws Exception {
        return new Processes(directory).finish(new ProcessBuilder(command));
    }
}
