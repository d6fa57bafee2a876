package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.ThirtyChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that fail anywhere, and the same command again. */
class TaskFaultsTest {
    @TempDir
    Path directory;

    private ThirtyChunks thirty;
    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        thirty = ThirtyChunks.in(directory);
        corpus = thirty.corpus();
    }

    /** Some seeds here; {@code -Dfault.seeds=100} tries more. */
    @Test
    void whereverATaskFailsTheNextRunGoesOn() throws IOException {
        thirty.run();
        Set<Row> expected = thirty.rows();
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        for (int seed = 0; seed < Integer.getInteger("fault.seeds", 2); seed++) {
            Path place = directory.resolve("faulty" + seed);
            Random random = new Random(seed);
            int runs = 0;
            boolean done = false;
            while (!done) {
                FaultyFileSystem.failWhen(act -> {
                    synchronized (random) {
                        // The footer of a Parquet file is written byte by byte.
                        return random.nextInt(act == FaultyFileSystem.Act.WRITE ? 10_000 : 25) == 0;
                    }
                });
                Set<String> before =
                        Files.isDirectory(place) ? new Results(place).chunks().keySet() : Set.of();
                Result result = Runner.fillMask(
                        "--input",
                        corpus.toString(),
                        "--partitions",
                        "30",
                        "--top-k",
                        "3",
                        "--show",
                        "1",
                        "--output",
                        "faulty://" + place);
                assertThat(new Results(place).chunks().keySet()).containsAll(before);
                done = result.code() == 0;
                if (!done) {
                    assertThat(result.code()).as(result.err()).isEqualTo(6);
                    assertThat(result.err())
                            .startsWith("cloze: ")
                            .contains(place.toString())
                            .contains("No space left on device")
                            .contains("run the same command again: chunks that are there stay")
                            .doesNotContain("\tat ");
                    assertThat(place.resolve("_SUCCESS")).doesNotExist();
                }
                runs++;
                assertThat(runs).isLessThan(60);
            }
            FaultyFileSystem.failWhen(act -> false);
            List<Row> rows = Runner.spark().read().parquet(place.toString()).collectAsList();
            assertThat(rows).hasSize(ThirtyChunks.ROWS).doesNotHaveDuplicates();
            assertThat(new HashSet<>(rows)).isEqualTo(expected);
            assertThat(place.resolve("_unfinished")).doesNotExist();
        }
    }
}
