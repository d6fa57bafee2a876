package dev.cloze.job.chunks;

import static dev.cloze.job.testing.BackgroundRun.CHUNKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a local run, whose driver is its executor; {@link StandaloneClusterIT} kills them apart. */
class KilledRunIT {
    private static final int SLOTS = 2;
    private static final String[] LOCAL = {"--master", "local[" + SLOTS + "]"};

    @TempDir
    Path directory;

    @Test
    void aRunKilledHalfWayCostsOneChunkForEachSlot() throws Exception {
        Path input = BackgroundRun.corpus(directory);
        Results undisturbed = new Results(directory.resolve("undisturbed"));
        Runner.Result here = Runner.fillMask(
                BackgroundRun.arguments(input, undisturbed.directory()).toArray(String[]::new));
        assertThat(here.code()).as(here.err()).isZero();
        assertThat(undisturbed.rows()).hasSize(BackgroundRun.ROWS);
        Results results;
        try (BackgroundRun run = BackgroundRun.start(input, "out", LOCAL)) {
            results = run.results();
            run.waitForChunks(CHUNKS / 2);
            run.kill();
        }
        Map<String, FileTime> durable = results.chunks();
        assertThat(results.isComplete()).isFalse();
        assertThat(durable).hasSizeBetween(CHUNKS / 2, CHUNKS - 1);
        assertThat(results.unfinished()).as("chunks that were begun in vain").hasSizeLessThanOrEqualTo(SLOTS);

        try (BackgroundRun again = BackgroundRun.start(input, "out", LOCAL)) {
            again.requireDone();
            assertThat(again.err()).contains("resuming: " + durable.size() + " of " + CHUNKS + " chunks are there");
        }
        assertThat(results.chunks()).hasSize(CHUNKS).containsAllEntriesOf(durable);
        assertThat(results.rows()).isEqualTo(undisturbed.rows());
    }

    @Test
    void aRunThatIsAskedToStopSaysHowToGoOn() throws Exception {
        try (BackgroundRun run = BackgroundRun.start(BackgroundRun.corpus(directory), "stopped", LOCAL)) {
            run.waitForChunks(1);
            run.stop();

            assertThat(run.code()).as("of a signal").isEqualTo(143);
            assertThat(run.err())
                    .endsWith(
                            "cloze: Cannot finish: the run was stopped; run the same command again: chunks that are there"
                                    + " stay\n")
                    .doesNotContain("\tat ");
        }
    }
}
