package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Directories;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.TaskWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --overwrite} replaces results of cloze and nothing else. */
class OverwriteTest {

    private static final String FOREIGN = "--overwrite removes nothing but results of cloze";

    @TempDir
    Path directory;

    private Path corpus;

    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("corpus")).resolve("corpus.txt");
        Files.write(corpus, List.of("a [MASK]", "the [MASK] of"));
        output = directory.resolve("out");
    }

    @AfterEach
    void repair() {
        FaultyFileSystem.failWhen(act -> false);
    }

    @Test
    void anOutputThatExistsIsKeptUnlessToldOtherwise() {
        Runner.fillMask("--text", "a [MASK]", "--output", output.toString());

        Result again = Runner.fillMask("--text", "b [MASK]", "--output", output.toString());
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err())
                .contains("Cannot resume " + output
                        + ": --text was [a [MASK]], it is [b [MASK]]; give the same settings,"
                        + " or begin anew with --overwrite, or choose another --output");

        assertThat(Runner.fillMask("--text", "b [MASK]", "--text", "c", "--output", output.toString(), "--overwrite")
                        .code())
                .isZero();
        assertThat(Runner.spark().read().parquet(output.toString()).count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void aDirectoryOfSomebodyElseStaysAsItIs(String format) throws IOException {
        write("out/.git/HEAD", "ref: refs/heads/main");
        write("out/src/Main.java", "class Main {}");

        requireRefused(format, "it is not recognizable as results of cloze");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void aFileStaysAsItIs(String format) throws IOException {
        write("out", "important");

        requireRefused(format, "it is a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void filesOfOtherProgramsWithTheNamesOfOursProveNothing(String format) throws IOException {
        write("out/_manifest.json", "{\"name\": \"a web page\", \"run\": \"serve\"}");
        write("out/_plan.json", "{\"run\": \"a marathon\", \"identity\": {\"command\": \"go\"}}");
        write("out/_SUCCESS", "");
        write("out/.cloze/attempt-1", "not ours");
        write("out/chunk-0123456789abcdef0123.zstd.parquet", "not Parquet");

        requireRefused(format, "it is not recognizable as results of cloze");
    }

    /** {@link OwnDirectoryTest} has more names. */
    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "_failed/notes.txt"})
    void aFileOfSomebodyElseAmongResultsIsNeverRemoved(String name) throws IOException {
        for (String format : List.of("parquet", "orc")) {
            requireDone(run(format));
            write("out/" + name, "important");

            requireRefused(format, "there is something in it that is no part of results of cloze: ");
            assertThat(run(format, "--overwrite").err()).contains(name.split("/")[0]);
            Directories.delete(output);
        }
    }

    @Test
    void aFileOfSomebodyElseAmongSparksIsNeverRemoved() throws IOException {
        requireDone(run("parquet"));
        write("out/part-00000-0a1b2c3d-0000-0000-0000-000000000000-c000.parquet", "of another job");

        requireRefused("parquet", "part-00000-0a1b2c3d");
    }

    @Test
    void aTableThatSparkWroteForSomebodyElseIsNotOurs() throws IOException {
        Runner.spark().range(3).write().orc(output.toString());

        requireRefused("orc", "it is not recognizable as results of cloze");
        assertThat(Runner.spark().read().orc(output.toString()).count()).isEqualTo(3);
    }

    @Test
    void aWorkingDirectoryOfSomebodyElseStaysAsItIs() throws IOException {
        requireDone(run("parquet"));
        write("out.overwriting/thesis.tex", "important");

        requireRefused("parquet", "Cannot replace " + output + ".overwriting: ");
    }

    @Test
    void aWorkingDirectoryThatIsALinkIsNotFollowed() throws IOException {
        write("elsewhere/thesis.tex", "important");
        Files.createSymbolicLink(directory.resolve("out.overwriting"), directory.resolve("elsewhere"));

        requireRefused("parquet", "it is a link");
    }

    @Test
    void linksAmongResultsAreNotFollowed() throws IOException {
        write("elsewhere/part-00000-0a1b2c3d-0000-0000-0000-000000000000.parquet", "important");
        requireDone(run("parquet"));
        Files.createSymbolicLink(output.resolve("_failed"), directory.resolve("elsewhere"));

        requireRefused("parquet", "_failed");
    }

    @Test
    void anOutputThatIsALinkStaysOneAndResultsAreWhereItLeads() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Files.createSymbolicLink(output, Files.createDirectory(disk.resolve("scores")));
        write("disk/neighbour", "important");
        for (String format : List.of("parquet", "orc", "parquet")) {
            requireDone(run(format, "--overwrite"));

            assertThat(output).isSymbolicLink();
            assertThat(disk.resolve("scores/_SUCCESS")).exists();
            assertThat(content(disk)).containsEntry(disk.resolve("neighbour"), "important");
            assertThat(disk.resolve("scores.overwriting")).doesNotExist();
            assertThat(directory.resolve("out.overwriting")).doesNotExist();
        }
    }

    @Test
    void aLinkToADirectoryOfSomebodyElseIsNoWayIn() throws IOException {
        write("elsewhere/thesis.tex", "important");
        Files.createSymbolicLink(output, directory.resolve("elsewhere"));

        requireRefused("parquet", "it is not recognizable as results of cloze");
        requireRefused("orc", "it is not recognizable as results of cloze");
    }

    @Test
    void theCorpusIsFoundBehindALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("corpus"));

        for (String place : List.of(link.toString(), link.getParent().toString())) {
            for (String format : List.of("parquet", "orc")) {
                Result refused = Runner.fillMask(
                        "--input", corpus.toString(), "--output", place, "--output-format", format, "--overwrite");
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err()).contains("it overlaps the corpus " + corpus);
            }
        }
        assertThat(corpus).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user.dir", "user.home"})
    void whereSomebodyStandsOrLivesIsNeverReplaced(String property) throws IOException {
        Path place = Path.of(System.getProperty(property));
        for (Path output : List.of(place, place.getParent())) {
            if (output.getParent() != null) {
                for (String format : List.of("parquet", "orc")) {
                    Result refused = Runner.fillMask(
                            "--text", "a", "--output", output.toString(), "--output-format", format, "--overwrite");
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err()).contains("Cannot replace ").contains(" directory is or lies in it");
                }
            }
        }
    }

    @Test
    void whatAppearsWhileRowsAreScoredStays() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {"--input", corpus.toString(), "--output", "faulty://" + output, "--overwrite", "--top-k", "1"};
        requireDone(Runner.fillMask(args));
        AtomicBoolean first = new AtomicBoolean(true);
        FaultyFileSystem.failWhen(act -> {
            if (act == FaultyFileSystem.Act.RENAME && first.getAndSet(false)) {
                writeUnchecked("out/notes.txt");
            }
            return false;
        });

        args[args.length - 1] = "2";
        Result refused = Runner.fillMask(args);

        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("no part of results of cloze: notes.txt");
        assertThat(output.resolve("notes.txt")).hasContent("important");
        Files.delete(output.resolve("notes.txt"));
        Result again = Runner.fillMask(args);
        requireDone(again);
        assertThat(again.err()).contains("nothing is left to score");
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    private void writeUnchecked(String name) {
        try {
            write(name, "important");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCopyOfACorpusThatIsSomebodyElsesIsNotRemoved() throws IOException {
        write("out/_input/thesis.tex", "important");
        write("out/_unfinished/thesis.tex", "important");

        Result refused = run("parquet");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("it exists already and holds no run that can be resumed");
        assertThat(output.resolve("_input/thesis.tex")).exists();
        assertThat(output.resolve("_unfinished/thesis.tex")).exists();
    }

    @Test
    void filesOfSomebodyElseInADirectoryThatARunRemovesAreNamed() throws IOException {
        requireDone(run("parquet"));
        write("out/_states/thesis.tex", "important");

        Result refused = run("parquet");

        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("thesis.tex");
        assertThat(output.resolve("_states/thesis.tex")).exists();
        Directories.delete(output.resolve("_states"));
        requireDone(run("parquet"));
    }

    @Test
    void resultsOfEitherKindAreReplacedByTheOther() throws IOException {
        Files.createDirectory(output);
        for (String format : List.of("parquet", "orc", "json", "orc", "parquet", "parquet", "json", "json")) {
            requireDone(run(format, "--overwrite"));

            assertThat(Runner.spark()
                            .read()
                            .format(format)
                            .load(output.toString())
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void chunksAloneAreStillOurs() throws IOException {
        requireDone(run("parquet"));
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("chunk-"))
                    .toList()) {
                Directories.delete(file);
            }
        }

        requireDone(run("parquet", "--overwrite"));
    }

    @Test
    void aRunThatWasKilledAtItsFirstFileIsBegunAnew() throws IOException {
        write("out.overwriting/.cloze/attempt-20260101T000000.000-0a1b2c3d", "");
        requireDone(run("parquet", "--overwrite"));
        write("other/.cloze/attempt-20260101T000000.000-0a1b2c3d", "");

        requireDone(Runner.fillMask(
                "--input",
                corpus.toString(),
                "--output",
                directory.resolve("other").toString()));
    }

    private Result run(String format, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--input",
                corpus.toString(),
                "--output",
                output.toString(),
                "--output-format",
                format,
                "--top-k",
                "1"));
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private static void requireDone(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
    }

    private void requireRefused(String format, String reason) throws IOException {
        Map<Path, String> before = content(directory);
        try (TaskWatch tasks = TaskWatch.watch()) {
            Result refused = run(format, "--overwrite");

            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("Cannot replace ")
                    .contains(reason)
                    .contains(FOREIGN)
                    .hasLineCount(1);
            assertThat(tasks.ended()).isZero();
        }
        assertThat(content(directory)).isEqualTo(before);
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** All files and their content. */
    private static Map<Path, String> content(Path directory) throws IOException {
        Map<Path, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                content.put(
                        file,
                        Files.isRegularFile(file)
                                ? Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                                : Files.isSymbolicLink(file) ? "link to " + Files.readSymbolicLink(file) : "");
            }
        }
        return content;
    }
}
