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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were interrupted can be resumed, and never mix with others. */
class ResumeTest {

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
    void missingChunksAreScoredAndTheOthersStay() throws IOException {
        thirty.run();
        Set<Row> expected = thirty.rows();
        Map<String, FileTime> whole = thirty.chunks();
        assertThat(whole).hasSizeGreaterThan(20);
        Random random = new Random(3);
        for (int round = 0; round < 2; round++) {
            List<String> lost = new ArrayList<>();
            for (String chunk : whole.keySet()) {
                if (random.nextInt(4) == 0) {
                    Files.delete(output.resolve(chunk));
                    lost.add(chunk);
                }
            }
            Files.delete(output.resolve("_SUCCESS"));
            Map<String, FileTime> left = thirty.chunks();

            Result again = thirty.run();

            assertThat(again.err()).contains("resuming: " + left.size() + " of " + whole.size() + " chunks are there");
            assertThat(thirty.rows()).isEqualTo(expected);
            Map<String, FileTime> now = thirty.chunks();
            assertThat(now.keySet()).isEqualTo(whole.keySet());
            assertThat(now).containsAllEntriesOf(left);
            assertThat(output.resolve("_SUCCESS")).exists();
        }
    }

    @Test
    void aRunThatIsCompleteScoresNothing() throws IOException {
        thirty.run();
        Map<String, FileTime> before = thirty.chunks();

        Result again = thirty.run("--batch-tokens", "64", "--show", "1");

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("chunks are there, nothing is left to score");
        assertThat(thirty.chunks()).isEqualTo(before);
    }

    @Test
    void anotherSettingIsRefusedByName() {
        thirty.run();

        Result other = thirty.run("--top-k", "2");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("Cannot resume " + output
                        + ": --top-k was 3, it is 2; give the same settings, or begin anew with"
                        + " --overwrite, or choose another --output");
    }

    @Test
    void aCorpusMayLieOnAnotherFileSystemThanTheOutput() {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());

        Result result = Runner.fillMask("--input", "faulty://" + corpus, "--output", output.toString());

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(thirty.rows()).hasSize(ThirtyChunks.ROWS);
    }

    @Test
    void aDirectoryThatHoldsNoPlanOfThisVersionIsExplained() throws IOException {
        Files.createDirectory(output);
        for (String plan : List.of("{}", "{\"run\": 1, \"old\": true}", "broken {", "")) {
            Files.writeString(output.resolve("_plan.json"), plan);

            Result shown = Runner.run("runs", "show", output.toString());
            assertThat(shown.code()).isEqualTo(2);
            assertThat(shown.err())
                    .startsWith("cloze: Cannot read the plan " + output
                            + "/_plan.json: it is damaged, or of another version of Cloze: ")
                    .hasLineCount(1);
            Result refused = Runner.fillMask("--input", corpus.toString(), "--output", output.toString());
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("; begin anew with --overwrite, or choose another --output");
        }
        Files.createDirectory(directory.resolve("out.overwriting"));
        Files.writeString(directory.resolve("out.overwriting/_plan.json"), "{}");

        Result unknown = thirty.run("--overwrite");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("Cannot replace " + output + ": it is not recognizable as results of cloze");
        assertThat(Runner.run("runs", "show", "a:b").err())
                .startsWith("cloze: Cannot read a:b: ")
                .hasLineCount(1);
    }

    @Test
    void chunksDoNotDependOnTheNumberOfCores() throws IOException {
        thirty.run();
        Set<String> names = thirty.chunks().keySet();
        Path other = directory.resolve("other");
        Runner.spark().conf().set("spark.sql.files.maxPartitionBytes", "64");

        Runner.fillMask(
                "--input", corpus.toString(), "--top-k", "3", "--partitions", "30", "--output", other.toString());

        assertThat(new Results(other).chunks().keySet()).isEqualTo(names);
    }
}
