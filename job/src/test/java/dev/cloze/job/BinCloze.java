package dev.cloze.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.Runner.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code bin/cloze} in a process of its own: the built jar, Spark's own SparkSubmit.
 *
 * @param directory where it may write what it says
 */
record BinCloze(Path directory) {
    private static final int PATIENCE_MINUTES = 5;

    /** Two executors in JVMs of their own. */
    static final String CLUSTER = "local-cluster[2,1,1024]";

    /** {@code bin/cloze spark command --model <tiny> args}. */
    Result run(List<String> spark, String command, List<String> args) throws Exception {
        List<String> line = new ArrayList<>(List.of(BackgroundRun.HOME + "/bin/cloze"));
        line.addAll(spark);
        line.addAll(List.of(
                command, "--model", Runner.tiny().directory().toAbsolutePath().toString()));
        line.addAll(args);
        Path out = Files.createTempFile(directory, "out", null);
        Path err = Files.createTempFile(directory, "err", null);
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
