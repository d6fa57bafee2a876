package dev.cloze.job.cluster;

import static dev.cloze.job.testing.BackgroundRun.CHUNKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cluster, and what may happen to a run on it: every time the rows are those of a run in this JVM. */
class StandaloneClusterIT {
    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static Path input;
    private static List<Row> expected;

    @BeforeAll
    static void startClusterAndScoreHere() throws Exception {
        cluster = StandaloneCluster.start(directory);
        input = BackgroundRun.corpus(directory);
        Results here = new Results(directory.resolve("here"));
        Runner.Result run =
                Runner.fillMask(BackgroundRun.arguments(input, here.directory()).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        expected = here.rows();
        assertThat(expected).hasSize(BackgroundRun.ROWS);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void aDriverInsideTheClusterWritesTheSameRows() throws Exception {
        String[] options = {"--deploy-mode", "cluster", "--conf", "spark.standalone.submit.waitAppCompletion=true"};
        try (BackgroundRun run = start("inside", options)) {
            requireExpected(run);
        }
    }

    @Test
    void aDriverKilledHalfWayCostsOneChunkForEachSlot() throws Exception {
        Results results;
        try (BackgroundRun run = start("driver-killed")) {
            results = run.results();
            run.waitForChunks(CHUNKS / 2);
            List<ProcessHandle> executors = cluster.executors();
            run.kill();
            // An executor that lost its driver may end the chunk that it was at.
            executors.forEach(executor -> executor.onExit().join());
        }
        Map<String, FileTime> durable = results.chunks();
        assertThat(results.isComplete()).isFalse();
        assertThat(durable).hasSizeBetween(CHUNKS / 2, CHUNKS - 1);
        assertThat(results.unfinished())
                .as("chunks that were begun in vain")
                .hasSizeLessThanOrEqualTo(StandaloneCluster.SLOTS);

        try (BackgroundRun again = start("driver-killed")) {
            requireExpected(again);
            assertThat(again.err()).contains("resuming: " + durable.size() + " of " + CHUNKS + " chunks are there");
        }
        assertThat(results.chunks()).hasSize(CHUNKS).containsAllEntriesOf(durable);
    }

    @Test
    void aKilledExecutorCostsNothingButTime() throws Exception {
        try (BackgroundRun run = start("executor-killed")) {
            run.waitForChunks(CHUNKS / 3);
            assertThat(cluster.executors().get(0).destroyForcibly()).isTrue();
            requireExpected(run);
        }
    }

    /** The executor stays connected and says nothing, for much longer than the run takes: only copies of its tasks help. */
    @Test
    void anExecutorThatHangsIsOvertakenByCopiesOfItsTasks() throws Exception {
        String[] options = {
            "--properties-file", BackgroundRun.HOME + "/conf/standalone.properties",
            // Of the size of this cluster, and no other way out.
            "--conf", "spark.executor.cores=1",
            "--conf", "spark.executor.memory=1g",
            "--conf", "spark.network.timeout=30min"
        };
        try (BackgroundRun run = start("executor-hangs", options)) {
            ProcessHandle executor = cluster.dispensableExecutor();
            signal(executor, "STOP");
            try {
                requireExpected(run);
            } finally {
                signal(executor, "CONT");
                executor.onExit().join();
            }
            // It comes too late.
            assertThat(run.results().rows()).isEqualTo(expected);
        }
    }

    @Test
    void twoDriversAtOnceWriteTheRowsOnce() throws Exception {
        String[] half = {"--conf", "spark.cores.max=1"};
        try (BackgroundRun one = start("two-drivers", half);
                BackgroundRun other = start("two-drivers", half)) {
            assertThat(List.of(one.code(), other.code())).contains(0);
            for (BackgroundRun run : List.of(one, other)) {
                // Both may look for the plan while one of them writes it; then one is told so.
                assertThat(run.err()).containsAnyOf("cloze: Cannot ", BackgroundRun.ROWS + " ok");
            }
            assertThat(one.results().isComplete()).isTrue();
            assertThat(one.results().rows()).isEqualTo(expected);
        }
    }

    private static BackgroundRun start(String name, String... options) throws IOException {
        String[] spark = new String[options.length + 2];
        spark[0] = "--master";
        spark[1] = cluster.master();
        System.arraycopy(options, 0, spark, 2, options.length);
        return BackgroundRun.start(input, name, spark);
    }

    /** Equal lists: no row is missing, and none is there twice. */
    private static void requireExpected(BackgroundRun run) throws Exception {
        run.requireDone();
        assertThat(run.results().rows()).isEqualTo(expected);
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }
}
