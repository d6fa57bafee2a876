package dev.cloze.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Programs in processes of their own.
 *
 * @param directory where they may write what they say
 */
public record Processes(Path directory) {
    /**
     * Options of JVMs that live some seconds and have no large model to digest: their better compiler is not worth it, and they map
     * Spark's classes once {@code bin/cloze} has archived them.
     */
    public static final String SHORT_LIVED =
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable -XX:SharedArchiveFile="
                    + BackgroundRun.HOME.resolve("job/target/spark-classes.jsa");

    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";
    private static final int PATIENCE_MINUTES = 5;
    private static final Pattern PROGRESS =
            Pattern.compile("(?m)^cloze: [\\d,]+( of [\\d,]+)? rows?, .*(left|\\d (s|min))\\R");

    /** Lets the JVMs of {@code command} begin quickly. */
    public static ProcessBuilder shortLived(ProcessBuilder command) {
        String given = command.environment().getOrDefault(JAVA_OPTIONS, "");
        command.environment().put(JAVA_OPTIONS, (given + " " + SHORT_LIVED).strip());
        return command;
    }

    /** What JVMs said in {@code file}, but for the options that they picked up and for progress. */
    public static String said(Path file) throws IOException {
        return withoutProgress(Files.readString(file)
                .lines()
                .filter(line -> !line.startsWith("Picked up " + JAVA_OPTIONS))
                .map(line -> line + "\n")
                .collect(Collectors.joining()));
    }

    /** Messages without the lines that are there only where a run takes long: how long one takes is not a test's matter. */
    public static String withoutProgress(String messages) {
        return PROGRESS.matcher(messages).replaceAll("");
    }

    /** Runs a program to its end. */
    public Result finish(ProcessBuilder command) throws Exception {
        Path out = Files.createTempFile(directory, "out", null);
        Path err = Files.createTempFile(directory, "err", null);
        Process process =
                command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as(said(err))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), said(err));
    }
}
