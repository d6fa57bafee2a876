package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real model takes beside the heap; {@link ManyTasksIT} has many more tasks, of a tiny one. */
class FlatMemoryIT {
    private static final int ROWS = 800;

    @TempDir
    Path directory;

    @Test
    void twoHundredPartitionsKeepMemoryFlat() throws Exception {
        Path input = new Corpora(directory)
                .numbered("many.txt", 0, ROWS, i -> i + " is the [MASK] of " + "a long ".repeat(i * 7 % 40) + "list.");
        ProcessBuilder command = BinCloze.command(
                        "--driver-memory",
                        "600m",
                        "fill-mask",
                        "--cache",
                        Runner.MODEL_CACHE.toString(),
                        "--input",
                        input.toString(),
                        "--partitions",
                        "200",
                        "--output",
                        directory.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        // A heap that is resident from the start, and no compiler that takes 20 MB at its work: what grows is native.
        command.environment().put("JAVA_TOOL_OPTIONS", "-Xms600m -XX:+AlwaysPreTouch " + Processes.SHORT_LIVED);

        List<Long> resident = residentMemory(command.start());

        assertThat(Runner.spark()
                        .read()
                        .parquet(directory.resolve("out").toString())
                        .count())
                .isEqualTo(ROWS);
        // The last seconds belong to Spark's queries over the results, which load classes of their own.
        int scored = resident.size() * 85 / 100;
        long afterWarmUp = Collections.max(resident.subList(resident.size() / 3, resident.size() / 2));
        long atTheEnd = Collections.max(resident.subList(resident.size() / 2, scored));
        assertThat((double) atTheEnd / afterWarmUp)
                .as("growth of resident memory in the second half: " + resident)
                .isLessThan(1.05);
        System.out.printf(Locale.ROOT, "from %,d to %,d kB%n", afterWarmUp, atTheEnd);
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
}
