package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Directories;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.FaultyFileSystem.Act;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a directory of results tells of its runs: nothing is lost, and figures are never those of other rows. */
class RerunTest {
    private static final List<String> FIGURES =
            List.of("_manifest.json", "_summary.json", "_states", "_failed", "_SUCCESS");

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        write("part0.jsonl", 0, 20);
    }

    @AfterEach
    void repair() {
        FaultyFileSystem.failWhen(act -> false);
    }

    @Test
    void aRerunWithNothingToDoAddsToTheHistoryAndChangesNoTime() throws IOException {
        requireDone(run());
        JsonNode first = manifest();
        requireDone(run());
        JsonNode second = manifest();

        assertThat(second.path("started")).isEqualTo(first.path("started"));
        assertThat(second.path("finished")).isEqualTo(first.path("finished"));
        assertThat(second.path("attempts")).hasSize(2);
        assertThat(second.path("attempts").get(0))
                .isEqualTo(first.path("attempts").get(0));
        assertThat(second.path("attempts").get(0).path("chunks_scored").asInt())
                .isEqualTo(first.path("chunks").size());
        assertThat(second.path("attempts").get(1).path("chunks_scored").asInt()).isZero();
        assertThat(second.path("attempts").get(1).path("changed").asBoolean()).isFalse();
        assertThat(second.path("attempts").get(1).path("started").asText())
                .isGreaterThan(first.path("finished").asText());
    }

    @Test
    void aRunThatFailedBeforeStandsInTheHistory() throws IOException {
        FaultyFileSystem.failWhen(act -> act == Act.RENAME);
        assertThat(run().code()).isEqualTo(6);
        FaultyFileSystem.failWhen(act -> false);
        requireDone(run());

        JsonNode attempts = manifest().path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).has("finished")).isFalse();
        assertThat(manifest().path("started")).isEqualTo(attempts.get(0).path("started"));
        assertThat(manifest().path("finished")).isEqualTo(attempts.get(1).path("finished"));
    }

    @Test
    void refreshingIsAnotherEndAndTheSameBeginning() throws IOException {
        requireDone(run());
        JsonNode first = manifest();
        write("part1.jsonl", 20, 25);
        requireDone(run("--refresh"));

        assertThat(manifest().path("started")).isEqualTo(first.path("started"));
        assertThat(manifest().path("finished").asText())
                .isGreaterThan(first.path("finished").asText());
        Files.delete(corpus.resolve("part1.jsonl"));
        JsonNode second = manifest();
        requireDone(run("--refresh"));
        assertThat(manifest().path("finished").asText())
                .as("when rows were taken away")
                .isGreaterThan(second.path("finished").asText());
        assertThat(manifest().path("attempts")).hasSize(3);
    }

    @Test
    void resultsOfAnEarlierVersionKeepTheirTimes() throws IOException {
        requireDone(run());
        JsonNode first = manifest();
        Directories.delete(output.resolve(".cloze"));

        requireDone(run());

        assertThat(manifest().path("started")).isEqualTo(first.path("started"));
        assertThat(manifest().path("finished")).isEqualTo(first.path("finished"));
        assertThat(manifest().path("attempts")).hasSize(2);
    }

    @Test
    void figuresOfTheOldRowsAreGoneAfterARefreshThatFailed() throws IOException {
        write("bad.jsonl", 0, 0, "{broken");
        requireDone(run());
        assertThat(FIGURES).allSatisfy(name -> assertThat(output.resolve(name)).exists());
        write("part1.jsonl", 20, 25, "{broken, too");

        Result refused = run("--refresh", "--max-bad-rows", "0");

        assertThat(refused.code()).isEqualTo(4);
        assertThat(rows()).isEqualTo(27);
        for (String name : List.of("_manifest.json", "_summary.json", "_states", "_SUCCESS")) {
            assertThat(output.resolve(name)).doesNotExist();
        }
        requireDone(run());
        assertThat(manifest().path("rows").path("ok").asInt()).isEqualTo(25);
        assertThat(summary().path("corpus").path("documents").asInt()).isEqualTo(25);
    }

    /** Wherever a refresh breaks off, there are no figures, or those of the rows that are there. */
    @ParameterizedTest
    @EnumSource(Act.class)
    void figuresNeverContradictTheChunks(Act broken) throws IOException {
        requireDone(run());
        write("part0.jsonl", 0, 12);
        write("part1.jsonl", 20, 30);
        boolean done = false;
        for (int nth = 1; nth <= 4 && !done; nth++) {
            int[] left = {nth};
            FaultyFileSystem.failWhen(act -> {
                if (act == broken) {
                    requireFigures();
                    synchronized (left) {
                        return --left[0] == 0;
                    }
                }
                return false;
            });
            done = run("--refresh").code() == 0;
            FaultyFileSystem.failWhen(act -> false);
            requireFigures();
        }
        if (!done) {
            requireDone(run("--refresh"));
        }
        assertThat(manifest().path("rows").path("ok").asInt()).isEqualTo(22);
        assertThat(summary().path("corpus").path("rows").asInt()).isEqualTo(22);
    }

    private void requireFigures() {
        try {
            boolean any = FIGURES.stream().anyMatch(name -> Files.exists(output.resolve(name)));
            if (any && Files.exists(output.resolve("_manifest.json"))) {
                List<String> names = new ArrayList<>();
                manifest().path("chunks").fieldNames().forEachRemaining(names::add);
                assertThat(new Results(output).chunks().keySet()).containsExactlyInAnyOrderElementsOf(names);
            }
            if (Files.exists(output.resolve("_summary.json"))) {
                assertThat(summary().path("corpus").path("rows").asLong()).isEqualTo(rows());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long rows() throws IOException {
        long rows = 0;
        for (Path file : new Results(output).files()) {
            try (ParquetFileReader reader = ParquetFileReader.open(
                    HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
                rows += reader.getRecordCount();
            }
        }
        return rows;
    }

    private void write(String name, int from, int to, String... more) throws IOException {
        List<String> lines = new ArrayList<>(IntStream.range(from, to)
                .mapToObj(i -> "{\"text\": \"paris is the capital of france " + i + "\"}")
                .toList());
        lines.addAll(List.of(more));
        new Corpora(corpus).lines(name, lines);
    }

    private Result run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--input", corpus.toString(), "--partitions", "6", "--show", "1", "--output", "faulty://" + output));
        args.addAll(List.of(more));
        return Runner.perplexity(args.toArray(String[]::new));
    }

    private static void requireDone(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
    }

    private JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_summary.json").toFile());
    }
}
