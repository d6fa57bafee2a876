package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.ThirtyChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --overwrite} that does not come to its end: old results stay until new ones are complete. */
class InterruptedOverwriteTest {

    @TempDir
    Path directory;

    private ThirtyChunks thirty;

    private Path corpus;

    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        thirty = ThirtyChunks.in(directory);
        corpus = thirty.corpus();
        output = thirty.output();
    }

    @Test
    void overwritingKeepsTheOldResultsUntilTheNewOnesAreWhole() throws IOException {
        thirty.run();
        Path broken = directory.resolve("out.overwriting");
        Files.createDirectories(broken);
        Files.writeString(
                broken.resolve("_plan.json"),
                "{\"run\": \"x\", \"identity\": {\"command\": \"fill-mask\", \"the version of cloze\": \"0\"}, \"cutting\": {\"target\": 1, \"together\": 1}, \"sources\": [], \"splits\": []}");

        Result again = thirty.run("--overwrite", "--top-k", "1");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(thirty.rows()).hasSize(ThirtyChunks.ROWS);
        assertThat(broken).doesNotExist();
    }

    @Test
    void overwritingGoesOnWhereItWasBrokenOff() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {
            "--input", corpus.toString(), "--output", "faulty://" + output, "--overwrite", "--partitions", "30"
        };
        for (boolean replaces : List.of(false, true)) {
            assertThat(Files.exists(output)).isEqualTo(replaces);
            AtomicInteger renamed = new AtomicInteger();
            try {
                FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.RENAME && renamed.incrementAndGet() > 10);
                assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            } finally {
                FaultyFileSystem.failWhen(act -> false);
            }

            Result again = Runner.fillMask(args);

            assertThat(again.code()).as(again.err()).isZero();
            // A task that ran when the first run failed may still have ended well.
            assertThat(again.err()).containsPattern("resuming: 1\\d of \\d+ chunks are there");
            assertThat(thirty.rows()).hasSize(ThirtyChunks.ROWS);
            assertThat(directory.resolve("out.overwriting")).doesNotExist();
        }
    }

    @Test
    void overwritingTakesTheCorpusAsItIsNow() throws IOException {
        thirty.run();
        Path bad = new Corpora(directory).json("bad.jsonl", "a [MASK]", Corpora.BROKEN);
        String[] args = {"--input", bad.toString(), "--output", output.toString(), "--overwrite", "--max-bad-rows", "0"
        };
        assertThat(Runner.fillMask(args).code()).isEqualTo(4);
        assertThat(thirty.rows()).hasSize(ThirtyChunks.ROWS);
        Files.write(bad, List.of("{\"text\": \"a [MASK]\"}"));

        Result again = Runner.fillMask(args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(thirty.rows()).hasSize(1);
    }

    @Test
    void aRunThatFailsLeavesTheOldResults() throws IOException {
        Runner.fillMask("--text", "a [MASK]", "--output", output.toString());
        Path bad = Files.writeString(directory.resolve("bad.parquet"), "this is no parquet file, it only says so");

        assertThat(Runner.fillMask("--input", bad.toString(), "--output", output.toString(), "--overwrite")
                        .code())
                .isEqualTo(4);

        assertThat(Runner.spark().read().parquet(output.toString()).count()).isEqualTo(1);
    }
}
