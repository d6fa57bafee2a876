package dev.cloze.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in {@code conf/}. */
class ConfTest {
    private static final Path CONF = Path.of("..", "conf");

    @TempDir
    Path directory;

    @Test
    void theLaptopsSettingsAreRead() {
        Result result = Runner.fillMask("--config", CONF.resolve("laptop.conf").toString(), "--text", "a [MASK]");

        assertThat(result.err()).contains("1 row (1 ok)");
        assertThat(result.code()).isZero();
    }

    @Test
    void theGpusSettingsAreReadAndAskForAGpu() {
        Result result = Runner.fillMask("--config", CONF.resolve("gpu.conf").toString(), "--text", "a [MASK]");

        assertThat(result.err()).startsWith("cloze: Cannot use a GPU (--device cuda): ");
        assertThat(result.code()).isEqualTo(6);
    }

    @Test
    void theNightsSettingsAreRead() throws IOException {
        Files.writeString(directory.resolve("2026-11-21.jsonl"), "{\"text\": \"hello model\", \"source\": \"news\"}\n");
        Result result = Runner.run(
                "audit",
                "--config",
                CONF.resolve("nightly.conf").toString(),
                "--set",
                "input=" + directory.resolve("{date}.jsonl"),
                "--model",
                Runner.tiny().directory().toString(),
                "--history",
                directory.resolve("history").toString(),
                "--outputs",
                directory.resolve("outputs").toString(),
                "--date",
                "2026-11-21");

        assertThat(result.err()).doesNotContain("Cannot");
        assertThat(result.out()).startsWith("WARMING-UP · history · Sat 2026-11-21");
        assertThat(directory.resolve("outputs/summary.md")).exists();
    }

    @Test
    void thereIsNoOtherSettingsFile() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".conf")))
                    .containsExactlyInAnyOrder("laptop.conf", "gpu.conf", "nightly.conf");
        }
    }

    @Test
    void theDiscoveryScriptPrintsTheGpusAsSparkReadsThem() throws Exception {
        Path nvidiaSmi = Files.writeString(
                directory.resolve("nvidia-smi"),
                "#!/bin/sh\n[ \"$*\" = '--query-gpu=index --format=csv,noheader' ] && printf '0\\n1\\n3\\n'\n");
        Files.setPosixFilePermissions(nvidiaSmi, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder script = new ProcessBuilder(CONF.resolve("gpus.sh").toString());
        script.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);

        ResourceInformation gpus = ResourceInformation.parseJson(output(script));

        assertThat(gpus.name()).isEqualTo("gpu");
        assertThat(gpus.addresses()).containsExactly("0", "1", "3");
    }

    private static String output(ProcessBuilder command) throws Exception {
        Process process = command.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out;
    }
}
