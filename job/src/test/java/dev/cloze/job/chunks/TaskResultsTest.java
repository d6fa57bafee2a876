package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks return counts and first rows of their chunks to the driver, so that it does not read results again to count and show them. */
class TaskResultsTest {
    private static final int ROWS = 60;
    /** Rows without a mask are every fourth. */
    private static final int EVERY = 4;

    private static final Pattern ID = Pattern.compile("(?m)^ *(\\d+) ");

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        output = directory.resolve("out");
        corpus = Files.createDirectory(directory.resolve("corpus"));
        for (int file = 0; file < 2; file++) {
            new Corpora(corpus)
                    .numbered(
                            file + ".jsonl",
                            file * ROWS / 2,
                            (file + 1) * ROWS / 2,
                            // As many tokens, but no two texts are equal.
                            i -> "{\"id\": " + i + ", \"text\": \"one " + (i % EVERY == 0 ? "" : "[MASK]")
                                    + " ".repeat(i) + " of a list\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 29, 30, 31, 59, 60, 100})
    void theFirstRowsAreShownInTheOrderOfTheCorpus(int shown) throws IOException {
        List<Integer> expected =
                IntStream.range(0, Math.min(shown, ROWS)).boxed().toList();

        assertThat(ids(run(shown))).isEqualTo(expected);

        // In a resumed run, only some of the chunks have tasks.
        List<Path> chunks = new Results(output).files();
        Files.delete(chunks.get(0));
        Files.delete(chunks.get(chunks.size() / 2));
        assertThat(ids(run(shown))).isEqualTo(expected);
        assertThat(ids(run(shown))).isEqualTo(expected);
    }

    @Test
    void rowsOfEachStatusAreCountedInAResumedRunToo() throws IOException {
        assertThat(run(1).err()).contains("60 rows (15 no-mask, 45 ok)");
        JsonNode whole = manifest();
        Files.delete(new Results(output).files().get(1));

        assertThat(run(1).err()).contains("60 rows (15 no-mask, 45 ok)");

        assertThat(manifest().get("rows")).isEqualTo(whole.get("rows"));
        assertThat(manifest().get("providers")).isEqualTo(whole.get("providers"));
    }

    /** Without a mask there is nothing for the model. */
    @Test
    void theManifestSaysWhatAnAttemptTookHoweverChunksWereScored() throws IOException {
        run(1);
        JsonNode metrics = manifest().get("attempts").get(0).get("metrics");
        assertThat(metrics.get("rows").asInt()).isEqualTo(ROWS);
        assertThat(metrics.get("tokens").asInt() % (ROWS - ROWS / EVERY)).isZero();
        assertThat(metrics.get("batches").asInt()).isPositive();

        run(1);
        assertThat(manifest().get("attempts").get(1).has("metrics")).isFalse();

        output = directory.resolve("together");
        run("--partitions", "1");
        assertThat(manifest().get("attempts").get(0).get("metrics").get("tokens"))
                .isEqualTo(metrics.get("tokens"));
    }

    @Test
    void noJobReadsResultsAgain() throws Exception {
        assertThat(jobsOf("--show", "20"))
                .as("the columns of the corpus, its cost, cutting it, scoring it")
                .hasSize(4);
    }

    @Test
    void rowsThatAreTooLargeToReturnAreReadAndShown() throws Exception {
        String large = "x".repeat(700_000);
        new Corpora(corpus)
                .numbered(
                        "0.jsonl",
                        0,
                        30,
                        i -> "{\"id\": " + i + ", \"text\": \"one [MASK]\", \"note\": \"" + large + "\"}");

        assertThat(jobsOf("--show", "3", "--keep", "note")).hasSizeGreaterThan(4);

        assertThat(ids(run("--show", "3", "--keep", "note"))).containsExactly(0, 1, 2);
    }

    private List<String> jobsOf(String... options) throws Exception {
        List<String> jobs = new CopyOnWriteArrayList<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                jobs.add(job.stageInfos().last().name());
            }
        };
        Runner.spark().sparkContext().addSparkListener(listener);
        try {
            run(options);
            Runner.spark().sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            Runner.spark().sparkContext().removeSparkListener(listener);
        }
        return jobs;
    }

    private Result run(int shown) {
        return run("--show", "" + shown);
    }

    private Result run(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--input", corpus.toString(), "--id-column", "id", "--top-k", "1", "--output", output.toString()));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--partitions")) {
            arguments.addAll(List.of("--partitions", "8"));
        }
        Result run = Runner.fillMask(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static List<Integer> ids(Result run) {
        return new ArrayList<>(ID.matcher(run.out())
                .results()
                .map(MatchResult::group)
                .map(id -> Integer.parseInt(id.strip()))
                .toList());
    }

    private JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
    }
}
