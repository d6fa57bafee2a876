package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.ThirtyChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze runs show}. */
class RunsShowTest {
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
    void aRunIsShownWithHowFarItCame() throws IOException {
        thirty.run();
        Map<String, FileTime> whole = thirty.chunks();
        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +complete")
                .containsPattern("chunks +" + whole.size() + " of " + whole.size())
                .containsPattern("rows +120 of 120")
                .containsPattern("--top-k +3");
        Files.delete(output.resolve("_SUCCESS"));
        Files.delete(output.resolve(whole.keySet().iterator().next()));

        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +unfinished: run the same command again")
                .containsPattern("chunks +" + (whole.size() - 1) + " of " + whole.size());
        assertThat(Runner.run("runs", "show", corpus.toString()).err())
                .contains("Cannot show run " + corpus + ": there is no _plan.json in it; name the --output of a run");
    }
}
