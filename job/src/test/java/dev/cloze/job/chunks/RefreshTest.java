package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Directories;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.ThirtyChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corpora that changed, or whose copies did, between two runs into one directory. */
class RefreshTest {

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
    void aFileThatChangedIsScoredAnewWhenAskedTo() throws IOException {
        thirty.run();
        Map<String, FileTime> before = thirty.chunks();
        new Corpora(corpus).lines("part1.txt", "a [MASK]", "b [MASK]");
        Path sameLength = corpus.resolve("part2.txt");
        FileTime modified = Files.getLastModifiedTime(sameLength);
        Files.writeString(sameLength, Files.readString(sameLength).replace("list", "city"));
        Files.setLastModifiedTime(sameLength, FileTime.fromMillis(modified.toMillis() + 60_000));
        new Corpora(corpus).lines("part7.txt", "c [MASK]");

        Result refused = thirty.run();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("the corpus changed: ")
                .contains("part1.txt, ")
                .contains("part2.txt, ")
                .contains("part7.txt; score what changed with --refresh, or begin anew with --overwrite");
        assertThat(thirty.chunks()).isEqualTo(before);

        assertThat(thirty.run("--refresh").code()).isZero();
        assertThat(thirty.rows()).hasSize(83);
        assertThat(thirty.rows())
                .filteredOn(row -> row.toString().contains("the city"))
                .hasSize(40);
        Map<String, FileTime> after = thirty.chunks();
        Set<String> kept = new HashSet<>(after.keySet());
        kept.retainAll(before.keySet());
        assertThat(kept).hasSizeGreaterThan(5).allMatch(chunk -> after.get(chunk)
                .equals(before.get(chunk)));
    }

    @Test
    void aCopiedCorpusThatChangedIsNotTheOldOne() throws IOException {
        Path other = new Corpora(directory).lines("other.txt", "paris is new", "the city is big");
        String[] trainer = {
            "--method",
            "mlm",
            "--hf-compat",
            "line-by-line",
            "--mask-share",
            "1",
            "--output",
            output.toString(),
            "--json"
        };
        assertThat(trainer(corpus, trainer).json()).hasSize(ThirtyChunks.ROWS);

        Result refused = trainer(other, trainer);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("the corpus changed: ")
                .contains("part0.txt, ")
                .contains(" and 1 more; ");

        List<String> refresh = new ArrayList<>(List.of(trainer));
        refresh.add("--refresh");
        assertThat(trainer(other, refresh.toArray(String[]::new)).json()).hasSize(2);
    }

    @Test
    void aCopyOfWhichNoPlanWasMadeIsNotTrusted() throws IOException {
        Path one = new Corpora(directory).lines("one.txt", "paris is old");
        Path other = new Corpora(directory).lines("other.txt", "paris is new", "the city is big");
        String[] trainer = {
            "--method",
            "mlm",
            "--hf-compat",
            "line-by-line",
            "--mask-share",
            "1",
            "--output",
            output.toString(),
            "--json"
        };
        assertThat(trainer(one, trainer).json()).hasSize(1);
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Directories.delete(output.resolve("_states"));
        assertThat(output.resolve("_input/_SUCCESS")).exists();

        assertThat(trainer(other, trainer).json()).hasSize(2);
    }

    private static Result trainer(Path input, String... options) {
        List<String> args = new ArrayList<>(List.of("--input", input.toString()));
        args.addAll(List.of(options));
        return Runner.perplexity(args.toArray(String[]::new));
    }

    @Test
    void aRunThatIsBeingRefreshedIsNotWhole() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {"--input", corpus.toString(), "--top-k", "1", "--output", "faulty://" + output, "--refresh"};
        assertThat(Runner.fillMask(args).code()).isZero();
        String run = id();
        new Corpora(corpus).lines("part1.txt", "a [MASK]");
        try {
            FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.CREATE);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            assertThat(output.resolve("_SUCCESS")).doesNotExist();
        } finally {
            FaultyFileSystem.failWhen(act -> false);
        }

        assertThat(Runner.fillMask(args).code()).isZero();
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(thirty.rows()).hasSize(81);
        assertThat(id())
                .as("name of the run, by which merged states count it once")
                .isEqualTo(run);
    }

    @Test
    void aPlanIsNotLostWhileItIsReplaced() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {"--input", corpus.toString(), "--top-k", "1", "--output", "faulty://" + output, "--refresh"};
        assertThat(Runner.fillMask(args).code()).isZero();
        String run = id();
        Map<String, FileTime> before = thirty.chunks();
        new Corpora(corpus).lines("part7.txt", "a [MASK]");
        try {
            FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.PLACE_PLAN);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
        } finally {
            FaultyFileSystem.failWhen(act -> false);
        }
        assertThat(output.resolve("_plan.json")).doesNotExist();
        assertThat(Runner.run("runs", "show", output.toString()).out()).containsPattern("rows +120 of 121");

        assertThat(Runner.fillMask(args).code()).isZero();
        assertThat(thirty.chunks()).containsAllEntriesOf(before);
        assertThat(thirty.rows()).hasSize(121);
        assertThat(id()).isEqualTo(run);
        assertThat(output.resolve("_plan.json")).exists();
    }

    private String id() throws IOException {
        return new ObjectMapper()
                .readTree(output.resolve("_manifest.json").toFile())
                .path("run")
                .asText();
    }

    @Test
    void aCopyOfTheCorpusWithOtherColumnsIsRefused() throws IOException {
        String[] args = {"--text", "a [MASK]", "--text", "b [MASK]", "--output", output.toString()};
        assertThat(Runner.fillMask(args).code()).isZero();
        Path copy = output.resolve("_input");
        Path other = directory.resolve("other");
        Runner.spark()
                .read()
                .parquet(copy + "/*.pq")
                .withColumnRenamed("cloze_text", "cloze_other")
                .coalesce(1)
                .write()
                .parquet(other.toString());
        try (Stream<Path> parts = Files.list(copy)) {
            for (Path part :
                    parts.filter(file -> file.toString().endsWith(".pq")).toList()) {
                Files.delete(part);
            }
        }
        try (Stream<Path> parts = Files.list(other)) {
            Path part = parts.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.move(part, copy.resolve("part-0.pq"));
        }

        Result again = Runner.fillMask(args);

        assertThat(again.code()).as(again.err()).isEqualTo(2);
        assertThat(again.err())
                .contains("Cannot resume " + output
                        + ": the copy of the corpus in _input has the columns id, cloze_other,"
                        + " cloze_pair, cloze_problem, not id, cloze_text, cloze_pair, cloze_problem");
    }
}
