package dev.cloze.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.TaskWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be read are named, and cost no row of any other file. */
class UnreadableFilesTest {
    private static final int ROWS = 20;
    private static final int GOOD = 3;

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        for (int file = 1; file <= GOOD; file++) {
            parquet("part" + file, file * ROWS, 0);
        }
    }

    @Test
    void aTruncatedFileIsNamedAndTheOthersAreScored() throws IOException {
        Path bad = parquet("part4", 4 * ROWS, 0);
        Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), (int) Files.size(bad) / 2));

        failsAndNames(bad, "");
        failsAgainAndScoresNothing(bad);
        goesOnWhenSkipped(bad);
        isShownAsItIs(bad);
        goesOnWhenRepaired(bad, "part4", 4 * ROWS);
    }

    @Test
    void theFileThatTellsTheColumnsMayBeTheBadOne() throws IOException {
        Path bad = Files.write(
                corpus.resolve("part0.parquet"), "no Parquet at all, but a letter".getBytes(StandardCharsets.UTF_8));

        failsAndNames(bad, "is not a Parquet file");
        goesOnWhenRepaired(bad, "part0", 0);
    }

    @Test
    void aFileWithoutBytesIsNoParquet() throws IOException {
        Path bad = Files.createFile(corpus.resolve("part0.parquet"));

        failsAndNames(bad, "it is empty");
        goesOnWhenSkipped(bad);
    }

    @Test
    void aByteThatFlippedIsNotReadAsAnotherWord() throws IOException {
        Path bad = parquet("part4", 4 * ROWS, 0);
        flip(bad, 0, 0);

        try (TaskWatch failed = TaskWatch.watch()) {
            failsAndNames(bad, "could not verify page");
            assertThat(failed.reasons()).isEmpty();
        }
    }

    @Test
    void aFileWhoseEndIsDamagedIsNotScoredInPart() throws IOException {
        // More than the largest split, by a column that is not read.
        Path bad = parquet("part4", 4 * ROWS, 1_200_000);
        int blocks = blocks(bad).size();
        assertThat(blocks).isGreaterThan(4);
        assertThat(blocks(bad).get(blocks - 1).getStartingPos()).isGreaterThan(16 << 20);
        flip(bad, blocks - 1, 0);

        failsAndNames(bad, "could not verify page");
    }

    @Test
    void aTextThatIsCutOffIsNotScoredInPart() throws IOException {
        corpus = Files.createDirectory(directory.resolve("texts"));
        for (int file = 1; file <= GOOD; file++) {
            gzip("part" + file, file * ROWS);
        }
        Path bad = gzip("part0", 0);
        byte[] whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 20));

        failsAndNames(bad, "Unexpected end of input stream");
        goesOnWhenSkipped(bad);
        gzip("part0", 0);
        assertThat(run("--refresh").code()).isZero();
        assertThat(ids()).hasSize((GOOD + 1) * ROWS);
    }

    @Test
    void jsonLinesThatAreCutOffHideNoColumns() throws IOException {
        corpus = Files.createDirectory(directory.resolve("json"));
        for (int file = 1; file <= GOOD; file++) {
            json("part" + file, file * ROWS);
        }
        Path bad = json("part0", 0);
        Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), 30));

        failsAndNames(bad, "Unexpected end of input stream");
    }

    @Test
    void whatWasUnreadableForAMomentIsScoredByTheSameCommand() throws IOException {
        Path bad = parquet("part0", 0, 0);
        FileTime modified = Files.getLastModifiedTime(bad);
        byte[] whole = Files.readAllBytes(bad);
        flip(bad, 0, 0);
        Files.setLastModifiedTime(bad, modified);
        assertThat(run("--bad-files", "skip").code()).isZero();
        Map<String, FileTime> before = chunks();
        assertThat(ids()).hasSize(GOOD * ROWS);

        Files.write(bad, whole);
        Files.setLastModifiedTime(bad, modified);

        assertThat(run().code()).isZero();
        assertThat(chunks()).containsAllEntriesOf(before);
        assertThat(ids()).hasSize((GOOD + 1) * ROWS);
        assertThat(manifest().path("skipped")).isEmpty();
    }

    @Test
    void nothingThatCanBeReadIsNoCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("none"));
        for (int file = 0; file < 5; file++) {
            Files.writeString(corpus.resolve("part" + file + ".parquet"), "nothing of the kind");
        }

        for (String policy : List.of("fail", "skip")) {
            Result result = run("--bad-files", policy);

            assertThat(result.code()).isEqualTo(4);
            assertThat(result.err())
                    .contains("Cannot read file:" + corpus + "/part0.parquet, file:" + corpus + "/part1.parquet, file:"
                            + corpus + "/part2.parquet and 2 more: ")
                    .contains("is not a Parquet file");
        }
        corpus = Files.createDirectory(directory.resolve("no-text"));
        Path bad = gzip("part0", 0);
        Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), 30));
        assertThat(run("--bad-files", "skip").code()).isEqualTo(4);
    }

    /** Results without rows have columns, which their readers need. */
    @Test
    void filesWithoutRowsMayBeAllThatCanBeRead() throws IOException {
        corpus = Files.createDirectory(directory.resolve("csv"));
        Files.writeString(corpus.resolve("a.csv"), "text\n");
        Path bad = gzip(corpus.resolve("b.csv.gz"), List.of("text", "a [MASK]"));
        byte[] whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 20));
        assertThat(run().code()).isEqualTo(4);

        for (int i = 0; i < 2; i++) {
            Result result = run("--bad-files", "skip");

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err())
                    .contains("skipped 1 file that cannot be read")
                    .contains("0 rows");
            assertThat(manifest().path("skipped").has("file:" + bad)).isTrue();
            assertThat(ids()).isEmpty();
        }
        Files.write(bad, whole);
        assertThat(run("--refresh").code()).isZero();
        assertThat(ids()).hasSize(1);
    }

    @Test
    void thePolicyIsForRunsThatAreKept() throws IOException {
        Path bad = parquet("part0", 0, 0);
        flip(bad, 0, 0);
        Result shown = Runner.fillMask("--input", corpus.toString(), "--json");
        assertThat(shown.code()).isEqualTo(4);
        assertThat(shown.err()).contains("Cannot read file:").contains("part0.parquet: ");

        Result policy = Runner.fillMask("--input", corpus.toString(), "--bad-files", "skip");
        assertThat(policy.code()).isEqualTo(2);
        assertThat(policy.err()).contains("--bad-files needs --output");

        String[] trainer = {
            "--input", corpus.toString(), "--method", "mlm", "--hf-compat", "blocks", "--output", output.toString()
        };
        Result together = Runner.perplexity(trainer);
        assertThat(together.code()).isEqualTo(4);
        assertThat(together.err()).contains("Cannot read file:").contains("part0.parquet: ");
        List<String> skipping = new ArrayList<>(List.of(trainer));
        skipping.addAll(List.of("--bad-files", "skip"));
        Result refused = Runner.perplexity(skipping.toArray(String[]::new));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("--hf-compat puts the rows of all files together: leave --bad-files skip out");
    }

    private void failsAndNames(Path bad, String reason) throws IOException {
        Result result = run();

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .contains("Cannot read file:" + bad + ": ")
                .contains(reason)
                .contains(
                        "; repair or remove such files and run the same command with --refresh or --overwrite, or leave"
                                + " them out with --bad-files skip: chunks of the others stay")
                .doesNotContain("\tat ");
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        assertThat(ids()).isEqualTo(goodIds());
    }

    private void failsAgainAndScoresNothing(Path bad) throws IOException {
        Map<String, FileTime> scored = chunks();

        Result again = run();

        assertThat(again.code()).isEqualTo(4);
        assertThat(again.err()).contains("nothing is left to score").contains("Cannot read file:" + bad + ": ");
        assertThat(chunks()).isEqualTo(scored);
    }

    private void goesOnWhenSkipped(Path bad) throws IOException {
        Map<String, FileTime> scored = chunks();

        Result skipping = run("--bad-files", "skip");

        assertThat(skipping.code()).as(skipping.err()).isZero();
        assertThat(skipping.err()).contains("skipped 1 file that cannot be read, see _manifest.json: file:" + bad);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(chunks()).isEqualTo(scored);
        assertThat(manifest().path("skipped").has("file:" + bad)).isTrue();
        assertThat(manifest().path("skipped")).hasSize(1);
        assertThat(ids()).isEqualTo(goodIds());
    }

    private void isShownAsItIs(Path bad) throws IOException {
        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +complete")
                .containsPattern("not read: " + bad.getFileName() + " +\\S");
        FileTime complete = Files.getLastModifiedTime(output.resolve("_plan.json"));

        assertThat(run("--bad-files", "skip").code()).isZero();
        assertThat(Files.getLastModifiedTime(output.resolve("_plan.json"))).isEqualTo(complete);
    }

    private void goesOnWhenRepaired(Path bad, String name, int first) throws IOException {
        Map<String, FileTime> scored = chunks();
        Files.delete(bad);
        parquet(name, first, 0);
        assertThat(run().code()).as("a corpus that changed").isEqualTo(2);

        Result repaired = run("--refresh");

        assertThat(repaired.code()).as(repaired.err()).isZero();
        assertThat(chunks()).containsAllEntriesOf(scored);
        assertThat(ids()).hasSize((GOOD + 1) * ROWS).containsAll(goodIds()).doesNotHaveDuplicates();
        assertThat(manifest().path("skipped")).isEmpty();
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    private Result run(String... more) {
        List<String> args =
                new ArrayList<>(List.of("--input", corpus.toString(), "--top-k", "1", "--output", output.toString()));
        args.addAll(List.of("--show", "1", "--partitions", "4"));
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
    }

    /** Sequences without what was filled in: they tell which texts were scored. */
    private List<String> ids() {
        return Runner.spark().read().parquet(output.toString()).select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** What the corpus derives ids from, by Spark's own function. */
    private static List<String> goodIds() {
        return Runner.spark()
                .range(ROWS, (GOOD + 1) * ROWS)
                .select(functions.md5(text().cast("binary")))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private static org.apache.spark.sql.Column text() {
        return concat(lit("number "), col("id"), lit(" is the [MASK] of the list"));
    }

    private static List<String> texts(int first) {
        return IntStream.range(first, first + ROWS)
                .mapToObj(i -> "number " + i + " is the [MASK] of the list")
                .toList();
    }

    /** @param filler bytes of each row in a column that is not read */
    private Path parquet(String name, int first, int filler) throws IOException {
        Path written = directory.resolve("written-" + name);
        Runner.spark()
                .range(first, first + ROWS)
                .coalesce(1)
                .select(
                        text().as("text"),
                        functions.repeat(lit("x"), lit(filler)).as("filler"))
                .write()
                .mode("overwrite")
                .option("compression", "none")
                .option("parquet.enable.dictionary", "false")
                .option("parquet.block.size", "1048576")
                .option("parquet.page.size.row.check.min", "1")
                .parquet(written.toString());
        try (Stream<Path> files = Files.list(written)) {
            Path file = files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            return Files.move(file, corpus.resolve(name + ".parquet"));
        }
    }

    /** Changes a letter of a text in the middle of a page. */
    private static void flip(Path file, int block, int column) throws IOException {
        var chunk = blocks(file).get(block).getColumns().get(column);
        byte[] bytes = Files.readAllBytes(file);
        int middle = (int) (chunk.getStartingPos() + chunk.getTotalSize() / 2);
        bytes[middle] ^= 1;
        Files.write(file, bytes);
    }

    private static List<BlockMetaData> blocks(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toUri()), new org.apache.hadoop.conf.Configuration()))) {
            return reader.getFooter().getBlocks();
        }
    }

    private Path gzip(String name, int first) throws IOException {
        return gzip(corpus.resolve(name + ".txt.gz"), texts(first));
    }

    private Path json(String name, int first) throws IOException {
        return gzip(
                corpus.resolve(name + ".jsonl.gz"),
                texts(first).stream()
                        .map(text -> "{\"text\": \"" + text + "\"}")
                        .toList());
    }

    private static Path gzip(Path file, List<String> lines) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private Map<String, FileTime> chunks() throws IOException {
        Map<String, FileTime> chunks = new HashMap<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith("chunk-")) {
                    chunks.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
                }
            }
        }
        return chunks;
    }
}
