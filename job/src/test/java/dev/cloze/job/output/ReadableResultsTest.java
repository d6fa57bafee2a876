package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other programs read every file of a directory, or every Parquet file in or below it, and find all rows once. */
class ReadableResultsTest {
    @TempDir
    Path directory;

    private Path output;

    @BeforeEach
    void setOutput() {
        output = directory.resolve("out");
    }

    @Test
    void allParquetFilesInAndBelowADirectoryAreResultsAndNoneIsHidden() throws IOException {
        Path corpus = new Corpora(directory).json("corpus.jsonl", "paris", Corpora.BROKEN, "a");
        assertThat(Runner.perplexity("--input", corpus.toString(), "--output", output.toString())
                        .code())
                .isZero();
        assertPure(3);
        assertThat(output.resolve("_failed")).exists();
        assertThat(Runner.spark()
                        .read()
                        .parquet(output.resolve("_failed").toString())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aCopyOfTextsIsNoResult() throws IOException {
        assertThat(texts().code()).isZero();

        assertPure(2);
        assertThat(output.resolve("_input")).exists();
    }

    @Test
    void aDirectoryOfAnEarlierVersionGoesOnAndMerges() throws IOException {
        assertThat(texts().code()).isZero();
        asEarlierVersionsWrote(output.resolve("_input"));
        asEarlierVersionsWrote(output.resolve("_states"));
        Path plan = output.resolve("_plan.json");
        Files.writeString(plan, Files.readString(plan).replace(".pq", ".parquet"));
        Files.write(output.resolve("._plan.json.crc"), new byte[0]);

        Result again = texts();

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("2 rows (2 ok)");
        asEarlierVersionsWrote(output.resolve("_states"));
        assertThat(Runner.perplexity("--text", "new", "--merge", output.toString())
                        .out())
                .containsPattern("documents +3");
    }

    private Result texts() {
        return Runner.perplexity("--text", "paris", "--text", "a", "--output", output.toString());
    }

    private static void asEarlierVersionsWrote(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                Files.move(file, file.resolveSibling(name.replace(".pq", ".parquet")));
            }
        }
    }

    private void assertPure(long rows) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> output.relativize(file).toString())
                    .toList();
            assertThat(names).noneMatch(name -> name.endsWith(".crc"));
            String[] parquet =
                    names.stream().filter(name -> name.endsWith(".parquet")).toArray(String[]::new);
            assertThat(parquet).isNotEmpty().allMatch(name -> name.startsWith("chunk-"));
        }
        assertThat(Runner.spark().read().parquet(output.toString()).count()).isEqualTo(rows);
    }
}
