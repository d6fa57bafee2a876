package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cloze plan} expects; rates are given, because those of this machine change. */
class EstimateTest {
    private static final String MANIFEST = """
            {"command": "fill-mask",
             "files": [{"path": "a", "bytes": 600}, {"path": "b", "bytes": 400}],
             "model": {"files": {"model.onnx": {"bytes": 1073741824, "sha256": "x"}}},
             "attempts": [
               {"started": "killed"},
               {"metrics": {"rows": 10, "tokens": 3000, "tokens_per_second_and_core": 300.0}},
               {"metrics": {"rows": 5, "tokens": 1000, "tokens_per_second_and_core": 100.0}}]}
            """;

    @TempDir
    Path directory;

    @Test
    void aByteOfTheCorpusCostsWhatAByteOfTheSampleDid() throws IOException {
        SampleRun sample = SampleRun.of(new ObjectMapper().readTree(MANIFEST));

        Estimate estimate = new Estimate(sample, 3_600_000, OptionalDouble.empty(), 6, 4);

        // 3,600 times the sample, which took 10 s for 3,000 tokens and 10 s for 1,000.
        assertThat(sample.rate()).isEqualTo(200);
        assertThat(estimate.rows()).isEqualTo(15 * 3600);
        assertThat(estimate.tokens()).isEqualTo(4000 * 3600);
        assertThat(estimate.coreHours()).isCloseTo(20, within(1e-9));
        assertThat(estimate.hours()).isCloseTo(20 / 6.0, within(1e-9));
        assertThat(estimate.executors()).isEqualTo(2);
        // A heap of 1 GB, a model of 1 GB, a quarter of a GB for each of four cores.
        assertThat(estimate.executorMemory()).isEqualTo(3L << 30);
    }

    @Test
    void aRateThatIsKnownReplacesThatOfTheSample() throws IOException {
        SampleRun sample = SampleRun.of(new ObjectMapper().readTree(MANIFEST));

        assertThat(new Estimate(sample, 1000, OptionalDouble.of(400), 1, 4).coreHours() * 3600)
                .isCloseTo(10, within(1e-9));
    }

    /** Rows of one kind, in two real runs of different size: counts that do not depend on the machine. */
    @Test
    void theTokensOfALargerRunAreThoseThatASampleForetold() throws IOException {
        Path sample = Files.writeString(directory.resolve("sample.jsonl"), rows(0, 60));
        Path corpus = Files.writeString(directory.resolve("corpus.jsonl"), rows(60, 660));
        Runner.fillMask("--input", sample.toString(), "--output", directory + "/sample");
        Runner.fillMask("--input", corpus.toString(), "--output", directory + "/corpus");
        var hadoop = Runner.spark().sparkContext().hadoopConfiguration();

        Estimate estimate = new Estimate(
                SampleRun.of(directory + "/sample", hadoop), Files.size(corpus), OptionalDouble.empty(), 2, 2);
        SampleRun real = SampleRun.of(directory + "/corpus", hadoop);

        assertThat(estimate.rows() / (double) real.rows()).isBetween(0.8, 1.25);
        assertThat(estimate.tokens() / (double) real.tokens()).isBetween(0.8, 1.25);
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"text\": \"" + "a b c ".repeat(1 + i * 7919 % 12) + i + " [MASK]\"}\n")
                .collect(Collectors.joining());
    }

    @Test
    void theCommandShowsAllOfIt() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("scores")).resolve("_manifest.json"), MANIFEST);
        Files.writeString(Files.createDirectory(directory.resolve("corpus")).resolve("a.txt"), "x".repeat(10_000));

        Result run = Runner.run(
                "plan",
                "--sample",
                directory + "/scores",
                "--input",
                directory + "/corpus",
                "--cores",
                "2",
                "--rate",
                "10",
                "--price",
                "0.5");

        // 40,000 tokens at 10 a second.
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll("  +", " ").strip()))
                .contains(
                        "command fill-mask",
                        "rows 150",
                        "tokens 40,000",
                        "core hours 1.11",
                        "hours on 2 cores 0.56",
                        "cost 0.56");
    }

    @Test
    void aSampleThatTellsNothingIsRefused() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("scores")).resolve("_manifest.json"), "{}");

        for (String place : new String[] {"scores", "nowhere"}) {
            Result run = Runner.run("plan", "--sample", directory + "/" + place, "--input", directory.toString());

            assertThat(run.code()).isEqualTo(4);
            assertThat(run.err()).startsWith("cloze: Cannot plan from the run in ");
        }
        assertThat(Runner.run("plan", "--cores", "0").err())
                .contains("there is no sample", "there is no corpus", "--cores must be at least 1, it is 0");
    }
}
