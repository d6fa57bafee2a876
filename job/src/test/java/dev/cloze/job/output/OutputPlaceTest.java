package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where results may lie: anywhere, under any name, but not in their own corpus. */
class OutputPlaceTest {

    private static final int ROWS = 10;

    @TempDir
    Path directory;

    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectories(directory.resolve("data/corpus"));
        write(corpus.resolve("part.txt"));
    }

    private static void write(Path file) throws IOException {
        Files.write(
                file,
                IntStream.range(0, ROWS).mapToObj(i -> "the " + i + " [MASK]").toList());
    }

    @Test
    void theCorpusIsNeverOverwritten() throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        Files.writeString(corpus.resolve("a.txt"), "a [MASK]\n");

        for (String output : List.of(corpus.toString(), directory.toString(), corpus + "/out")) {
            Result result = Runner.fillMask("--input", corpus.toString(), "--output", output, "--overwrite");

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("it overlaps the corpus " + corpus + "; choose another --output");
        }
        assertThat(corpus.resolve("a.txt")).hasContent("a [MASK]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/corpus/*", "data/*", "data/{corpus,out}", "*/corpus", "data/corpus"})
    void resultsMayNotLieWhereAGlobOfTheCorpusFindsThem(String glob) {
        for (String output : List.of("data/corpus", "data/corpus/out")) {
            Result result = run(directory + "/" + glob, output);

            assertThat(result.code()).as(result.err()).isEqualTo(2);
            assertThat(result.err()).contains("it overlaps the corpus " + directory + "/" + glob);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/corpus/*.txt", "data/c*", "data/*/part.txt", "data/[a-c]*/*"})
    void resultsMayLieBesideTheFilesOfAGlob(String glob) {
        String output = glob.contains("*.txt") ? "data/corpus/out" : "data/out";
        for (int run = 0; run < 2; run++) {
            Result result = run(directory + "/" + glob, output);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains(ROWS + " rows");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a]", "a{b}", "a*b", "a?b", "a b%20#+", "\u00fc,x=1"})
    void aNameIsNoPattern(String name) throws IOException {
        Files.createDirectory(directory.resolve("a"));
        write(directory.resolve("a/chunk-of-another-run.zstd.parquet"));
        for (int run = 0; run < 2; run++) {
            Result result = run(corpus.toString(), name);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out()).contains("the 0 ");
        }
        assertThat(directory.resolve(name).resolve("_SUCCESS")).exists();
    }

    /** Texts are copied into the output first, and read there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a]{b}*?",
                "{",
                "]",
                "a b%41#:c,\u00fc\u4e2d\ud83d\ude00=1",
                "-a\\b",
                "_a",
                ".a",
                "a.overwriting"
            })
    void anyNameHoldsARunOfTextsAndItsMerging(String name) {
        String output = directory.resolve(name).toString();
        for (String[] more : List.of(new String[] {}, new String[] {"--overwrite"})) {
            Result result = perplexity(output, more);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains("2 rows (2 ok)");
        }
        assertThat(Runner.perplexity("--text", "new", "--merge", output).out()).containsPattern("documents +3");
    }

    /** Spark reads files whose names look like patterns once for each of them. */
    @Test
    void rowsOfManyChunksCountOnceUnderAnyName() throws IOException {
        for (int run = 0; run < 2; run++) {
            Result result = Runner.perplexity(
                    "--input",
                    corpus.toString(),
                    "--output",
                    directory.resolve("of[1]").toString(),
                    "--partitions",
                    "4");

            assertThat(result.err()).contains(ROWS + " rows (" + ROWS + " ok)");
            assertThat(result.out()).containsPattern("rows +" + ROWS + "\n");
        }
    }

    @Test
    void aNameThatIsTooLongIsExplained() {
        for (String[] more : List.of(new String[] {}, new String[] {"--overwrite"})) {
            Result result = perplexity(directory.resolve("a".repeat(300)).toString(), more);

            assertThat(result.code()).as(result.err()).isEqualTo(6);
            assertThat(result.err()).startsWith("cloze: Cannot write ").doesNotContain("\tat ");
        }
    }

    private static Result perplexity(String output, String... more) {
        List<String> args = new ArrayList<>(List.of("--text", "the capital", "--text", "paris", "--output=" + output));
        args.addAll(List.of(more));
        return Runner.perplexity(args.toArray(String[]::new));
    }

    @Test
    void aWholeFileSystemIsNoPlaceForResults() {
        for (String[] more : List.of(new String[] {}, new String[] {"--overwrite"})) {
            Result result = Runner.fillMask(
                    more.length == 0
                            ? new String[] {"--input", corpus.toString(), "--output", "/"}
                            : new String[] {"--input", corpus.toString(), "--output", "/", more[0]});

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains("Cannot write /: it is the root of a file system; choose a directory in it");
        }
    }

    private Result run(String input, String output) {
        return Runner.fillMask(
                "--input", input, "--output", directory.resolve(output).toString(), "--show", "1");
    }
}
