package dev.cloze.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a driver and of an executor in the middle of a run. */
class KilledRunIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int CHUNKS = 60;

    @TempDir
    Path directory;

    private Path input;
    private List<Row> expected;

    @BeforeEach
    void runUndisturbed() throws IOException {
        input = Files.write(
                directory.resolve("corpus.txt"),
                IntStream.range(0, 240)
                        .mapToObj(i -> "number " + i + " is the capital of france ".repeat(12))
                        .toList());
        Path output = directory.resolve("undisturbed");
        assertThat(Runner.perplexity(arguments(output).toArray(String[]::new)).code())
                .isZero();
        expected = rows(output);
        assertThat(expected).hasSize(240);
    }

    @Test
    void aKilledDriverCostsAtMostTheChunksInFlight() throws Exception {
        Path output = directory.resolve("out");
        Process run = start(output);
        Map<String, FileTime> before;
        try {
            before = waitForChunks(output, CHUNKS / 3, run);
        } finally {
            run.destroyForcibly();
        }
        assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Map<String, FileTime> left = chunks(output);
        assertThat(left.size()).isLessThan(CHUNKS);
        assertThat(output.resolve("_SUCCESS")).doesNotExist();

        Process again = start(output);
        assertThat(again.waitFor(5, TimeUnit.MINUTES)).isTrue();

        assertThat(again.exitValue()).as(err(output)).isZero();
        assertThat(err(output)).contains("going on: " + left.size() + " of ");
        assertThat(chunks(output)).containsAllEntriesOf(left).containsAllEntriesOf(before);
        assertThat(rows(output)).isEqualTo(expected);
    }

    @Test
    void aKilledExecutorCostsNothingButTime() throws Exception {
        Path output = directory.resolve("out");
        Process run = start(output, "--master", "local-cluster[2,1,1024]");
        try {
            waitForChunks(output, 5, run);
            ProcessHandle executor = run.descendants()
                    .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                    .findFirst()
                    .orElseThrow();
            assertThat(executor.destroyForcibly()).isTrue();
            assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroyForcibly();
        }

        assertThat(run.exitValue()).as(err(output)).isZero();
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(rows(output)).isEqualTo(expected);
    }

    private List<String> arguments(Path output) {
        return List.of(
                "--input", input.toString(), "--partitions", "" + CHUNKS, "--show", "1", "--output", output.toString());
    }

    private Process start(Path output, String... spark) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME + "/bin/cloze"));
        command.addAll(List.of(spark));
        command.addAll(List.of(
                "perplexity",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString()));
        command.addAll(arguments(output));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(Path.of(output + ".err").toFile())
                .start();
    }

    private static Map<String, FileTime> waitForChunks(Path output, int count, Process run) throws Exception {
        while (run.isAlive()) {
            Map<String, FileTime> chunks = chunks(output);
            if (chunks.size() >= count) {
                return chunks;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("The run ended before it could be killed: " + err(output));
    }

    private static String err(Path output) throws IOException {
        return Files.readString(Path.of(output + ".err"));
    }

    private static Map<String, FileTime> chunks(Path output) throws IOException {
        Map<String, FileTime> chunks = new HashMap<>();
        if (Files.isDirectory(output)) {
            try (Stream<Path> files = Files.list(output)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (file.getFileName().toString().startsWith("chunk-")) {
                        chunks.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
                    }
                }
            }
        }
        return chunks;
    }

    private static List<Row> rows(Path output) {
        return Runner.spark()
                .read()
                .parquet(output.toString())
                .orderBy("id", "nll")
                .collectAsList();
    }
}
