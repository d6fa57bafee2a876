package dev.cloze.job.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of {@code bin/cloze adapt}, and the same command again; {@code bench/kills_adapt.py} does it at random moments. */
class KilledAdaptationIT {
    private static final int POLL_MILLIS = 2;
    private static final int PATIENCE_MINUTES = 3;

    @TempDir
    Path directory;

    @Test
    void anAdaptationThatWasKilledEndsWithTheBitsOfAnUndisturbedOne() throws Exception {
        new Corpora(directory)
                .numbered("corpus.txt", 0, 100, i -> "paris is the capital of france , and number " + i + " is new");
        Runner.Result here = Runner.run(arguments("undisturbed").toArray(String[]::new));
        assertThat(here.code()).as(here.err()).isZero();

        Process process = Processes.shortLived(new ProcessBuilder(
                        Stream.concat(Stream.of(BackgroundRun.HOME + "/bin/cloze"), arguments("killed").stream())
                                .toList()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("killed.log").toFile())
                .start();
        waitForACheckpoint(process);
        process.destroyForcibly().waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        assertThat(directory.resolve("killed")).doesNotExist();

        Runner.Result again = Runner.run(arguments("killed").toArray(String[]::new));

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(directory.resolve("killed").resolve(Bundle.MODEL))
                .hasSameBinaryContentAs(directory.resolve("undisturbed").resolve(Bundle.MODEL));
        assertThat(directory.resolve("killed/adaptation.jsonl"))
                .hasSameTextualContentAs(directory.resolve("undisturbed/adaptation.jsonl"));
        assertThat(directory.resolve("killed.adapting")).doesNotExist();
    }

    private List<String> arguments(String output) {
        return List.of(
                "adapt",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString(),
                "--input",
                directory.resolve("corpus.txt").toString(),
                "--block-size",
                "16",
                "--steps",
                "600",
                "--checkpoint-every",
                "2",
                "--threads",
                "1",
                "--output",
                directory.resolve(output).toString());
    }

    private void waitForACheckpoint(Process process) throws Exception {
        Path working = directory.resolve("killed.adapting");
        while (process.isAlive() && !hasCheckpoint(working)) {
            Thread.sleep(POLL_MILLIS);
        }
        assertThat(process.isAlive())
                .as(Files.readString(directory.resolve("killed.log")))
                .isTrue();
    }

    private static boolean hasCheckpoint(Path working) throws IOException {
        if (!Files.isDirectory(working)) {
            return false;
        }
        try (Stream<Path> files = Files.list(working)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("checkpoint-\\d+"));
        }
    }
}
