package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a corpus that change while they are scored cost no row of any other, and are not mixed with what they were. */
class ChangingCorpusTest {
    private static final int FILES = 3;
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;
    private Path last;
    private String partitions = "12";

    @BeforeEach
    void writeCorpus() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        for (int file = 0; file < FILES; file++) {
            write(corpus.resolve("part" + file + ".txt"), "city", ROWS);
        }
        last = corpus.resolve("part" + (FILES - 1) + ".txt");
    }

    @AfterEach
    void repair() {
        FaultyFileSystem.failWhen(act -> false);
    }

    @Test
    void aFileThatVanishesIsNamedAndTheOthersAreScored() throws IOException {
        Result result = whileScoring(() -> Files.delete(last));

        isNamed(result, "");
        assertThat(run().err()).contains("the corpus changed: ").contains("score what changed with --refresh");
        assertThat(run("--refresh").code()).isZero();
        assertThat(rows()).hasSize((FILES - 1) * ROWS);
    }

    /** All files are scored by one task. */
    @Test
    void aFileThatVanishesCostsNoOtherChunkOfItsTask() throws IOException {
        partitions = "1";
        Path middle = corpus.resolve("part1.txt");

        Result result = whenChunkBegins(1, () -> Files.delete(middle));

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains("Cannot read file:" + middle + ": ");
        assertThat(rows()).hasSize((FILES - 1) * ROWS);
    }

    @Test
    void aFileThatGotShorterIsNamedAndTheOthersAreScored() throws IOException {
        isNamed(whileScoring(() -> write(last, "town", 3)), "it changed while it was scored");
    }

    @Test
    void rowsOfAFileAndOfWhatCameInItsPlaceDoNotStandSideBySide() throws IOException {
        FileTime modified = Files.getLastModifiedTime(last);
        Result result = whileScoring(() -> {
            write(last, "town", ROWS);
            Files.setLastModifiedTime(last, FileTime.fromMillis(modified.toMillis() + 5_000));
        });

        isNamed(result, "it changed while it was scored");
        assertThat(run("--refresh").code()).isZero();
        assertThat(rows().stream().filter(row -> row.contains("town"))).hasSize(ROWS);
        assertThat(rows().stream().filter(row -> row.contains("city"))).hasSize((FILES - 1) * ROWS);
    }

    @Test
    void nothingStaysOfAFileThatIsLeftOut() throws IOException {
        Result result = whileScoring(() -> Files.delete(last), "--bad-files", "skip");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("skipped 1 file that cannot be read").contains(last.toString());
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(rows()).hasSize((FILES - 1) * ROWS);
    }

    /** Results without rows have columns, which their readers need. */
    @Test
    void filesWithoutRowsMayBeAllThatIsLeft() throws IOException {
        corpus = Files.createDirectory(directory.resolve("csv"));
        Files.writeString(corpus.resolve("a.csv"), "text\n");
        last = corpus.resolve("b.csv");
        Files.write(last, Stream.concat(Stream.of("text"), texts("city", ROWS)).toList());

        Result result = whenChunkBegins(1, () -> Files.delete(last), "--bad-files", "skip");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("skipped 1 file that cannot be read, see _manifest.json: file:" + last)
                .contains("0 rows");
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(Runner.spark().read().parquet(output.toString()).columns()).contains("id", "status", "masks");
        assertThat(rows()).isEmpty();
    }

    @Test
    void resultsOfTwoSchemasAreNotPutTogether() throws IOException {
        Path json = Files.createDirectory(directory.resolve("json"));
        Files.writeString(json.resolve("a.jsonl"), "{\"id\": 1, \"text\": \"a [MASK]\", \"year\": 1990}");
        String[] args = {
            "--input",
            json.toString(),
            "--id-column",
            "id",
            "--keep",
            "year",
            "--output",
            output.toString(),
            "--refresh"
        };
        assertThat(Runner.fillMask(args).code()).isZero();
        Files.writeString(json.resolve("b.jsonl"), "{\"id\": 2, \"text\": \"a [MASK]\", \"year\": \"unknown\"}");

        Result result = Runner.fillMask(args);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("the schema was id bigint, year bigint, it is id bigint, year string; ")
                .contains("begin anew with --overwrite");
        assertThat(rows()).hasSize(1);
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    private void isNamed(Result result, String reason) {
        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .contains("Cannot read file:" + last + ": ")
                .contains(reason)
                .contains("chunks of the others stay")
                .doesNotContain("\tat ");
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        assertThat(rows()).hasSizeGreaterThanOrEqualTo((FILES - 1) * ROWS).noneMatch(row -> row.contains("town"));
    }

    private interface Change {
        void make() throws IOException;
    }

    /** A run during which {@code change} happens: some chunks of the last file are there, and others are not. */
    private Result whileScoring(Change change, String... options) {
        return whenChunkBegins(10, change, options);
    }

    /** A run during which {@code change} happens when the chunk of that number, counted from 1, begins. */
    private Result whenChunkBegins(int chunk, Change change, String... options) {
        AtomicInteger begun = new AtomicInteger();
        FaultyFileSystem.failWhen(act -> {
            if (act == FaultyFileSystem.Act.CREATE && begun.incrementAndGet() == chunk) {
                try {
                    change.make();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        });
        return run(options);
    }

    private Result run(String... options) {
        List<String> args = new ArrayList<>(List.of("--input", corpus.toString(), "--output", "faulty://" + output));
        args.addAll(List.of("--partitions", partitions, "--show", "1"));
        args.addAll(List.of(options));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private List<String> rows() {
        return Runner.spark().read().parquet(output.toString()).collectAsList().stream()
                .map(Object::toString)
                .toList();
    }

    private static void write(Path file, String noun, int rows) throws IOException {
        Files.write(file, texts(noun, rows).toList());
    }

    private static Stream<String> texts(String noun, int rows) {
        return IntStream.range(0, rows).mapToObj(i -> "the " + noun + " has " + i + " big [MASK]");
    }
}
