package dev.cloze.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code bin/cloze fill-mask} with the tiny model, in a process of its own, over a corpus that takes some seconds. */
public final class BackgroundRun implements AutoCloseable {
    public static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    public static final int ROWS = 160;
    public static final int CHUNKS = 20;

    private static final int POLL_MILLIS = 5;
    private static final int PATIENCE_MINUTES = 3;

    private final Process process;
    private final Results results;
    private final Path err;

    private BackgroundRun(Process process, Results results, Path err) {
        this.process = process;
        this.results = results;
        this.err = err;
    }

    /** Texts that differ in a number only: every chunk takes about the same time. */
    public static Path corpus(Path directory) throws IOException {
        return new Corpora(directory)
                .numbered("corpus.txt", 0, ROWS, i -> "number " + i + " is the capital of [MASK] ".repeat(12));
    }

    /** What a run in this JVM is given for the same chunks. */
    public static List<String> arguments(Path input, Path output) {
        return List.of(
                "--input", input.toString(), "--partitions", "" + CHUNKS, "--show", "1", "--output", output.toString());
    }

    /**
     * @param name of the results beside {@code input}; a second run of the name resumes the first
     * @param spark options that stand before the command
     */
    public static BackgroundRun start(Path input, String name, String... spark) throws IOException {
        Path output = input.resolveSibling(name);
        Path err = Files.createTempFile(input.getParent(), name, ".err");
        List<String> command = new ArrayList<>(List.of(HOME + "/bin/cloze", "--conf", "spark.ui.enabled=false"));
        command.addAll(List.of(spark));
        command.addAll(List.of(
                "fill-mask",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString()));
        command.addAll(arguments(input, output));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        return new BackgroundRun(Processes.shortLived(builder).start(), new Results(output), err);
    }

    public Results results() {
        return results;
    }

    /** What the run said. */
    public String err() throws IOException {
        return Processes.said(err);
    }

    /** Returns as soon as {@code count} chunks are durable, with those that are. */
    public Map<String, FileTime> waitForChunks(int count) throws Exception {
        while (process.isAlive()) {
            Map<String, FileTime> chunks = results.chunks();
            if (chunks.size() >= count) {
                return chunks;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new AssertionError("The run ended before it had " + count + " chunks: " + err());
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code kill}, or Ctrl-C. */
    public void stop() {
        process.destroy();
    }

    /** Waits for the end; the exit code. */
    public int code() throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                .as(err())
                .isTrue();
        return process.exitValue();
    }

    /** Waits for the end and expects a good one, with nothing left over. */
    public void requireDone() throws IOException, InterruptedException {
        assertThat(code()).as(err()).isZero();
        assertThat(results.isComplete()).isTrue();
        assertThat(results.directory().resolve("_unfinished")).doesNotExist();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
