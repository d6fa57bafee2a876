package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Candidates;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cloze augment --balance-by}: classes come out even. */
class BalanceTest {
    @TempDir
    Path directory;

    private static Result augment(String... args) {
        return Runner.command("augment", Runner.tiny(), Candidates.ofAnyWord(args));
    }

    @Test
    void classesComeOutEven() throws IOException {
        Path input = classes(40, 13, 3);
        Path output = directory.resolve("even");

        Result result = augment(
                "--input",
                input.toString(),
                "--id-column",
                "name",
                "--balance-by",
                "label",
                "--with-originals",
                "--output",
                output.toString());

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Long> together = new Results(output)
                .rows().stream()
                        .filter(row -> row.getAs("variant") != null)
                        .collect(Collectors.groupingBy(row -> row.getAs("label"), TreeMap::new, Collectors.counting()));
        assertThat(together).containsEntry("0", 40L).containsEntry("1", 40L).containsEntry("2", 40L);
        // Of 13 documents one has three candidates and the others two.
        assertThat(perDocument(output, "1")).containsOnlyKeys(2L, 3L).containsEntry(3L, 1L);
        assertThat(perDocument(output, "2")).containsOnlyKeys(12L, 13L).containsEntry(13L, 1L);
        assertThat(result.out()).containsPattern("label +documents +candidates +together");
        assertThat(result.out()).containsPattern("1 +13 +27 +40");
        assertThat(summary(output)).isEqualTo(new ObjectMapper().readTree("""
                {"balance_by": "label", "target": 40, "classes": [
                    {"class": "0", "documents": 40, "candidates": 0, "together": 40},
                    {"class": "1", "documents": 13, "candidates": 27, "together": 40},
                    {"class": "2", "documents": 3, "candidates": 37, "together": 40}]}
                """));
    }

    private static JsonNode summary(Path output) throws IOException {
        return new ObjectMapper().readTree(output.resolve("_summary.json").toFile());
    }

    @Test
    void figuresOfARunThatGoesOnAreThoseOfAllOfIt() throws IOException {
        Path output = directory.resolve("on");
        String[] args = {
            "--input",
            classes(24, 5).toString(),
            "--id-column",
            "name",
            "--balance-by",
            "label",
            "--output",
            "" + output
        };
        Result first = augment(args);
        assertThat(first.code()).as(first.err()).isZero();
        JsonNode whole = summary(output);
        Files.delete(
                output.resolve(new Results(output).chunks().keySet().iterator().next()));
        Files.delete(output.resolve("_summary.json"));

        Result again = augment(args);

        assertThat(again.err()).contains("resuming: ");
        assertThat(summary(output)).isEqualTo(whole);
        assertThat(whole.path("classes").findValuesAsText("together")).containsExactly("24", "24");
    }

    @Test
    void whatCannotBeCountedIsNamed() throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        Dataset<Row> rows = Runner.spark().read().json(classes(9, 4).toString());
        Path good = parquet(rows, corpus.resolve("a.parquet"));
        Path bad = parquet(rows, corpus.resolve("b.parquet"));
        Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), (int) Files.size(bad) / 2));
        Path output = directory.resolve("uncounted");
        String[] args = {"--input", "" + corpus, "--balance-by", "label", "--output", "" + output};

        Result refused = augment(args);

        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err())
                .contains("cloze: Cannot count the classes of label: file:" + bad + " cannot be read: ")
                .contains("is not a Parquet file")
                .contains(
                        "; repair or remove the file: --balance-by counts the complete corpus before anything is written")
                .doesNotContain("FAILED_READ_FILE");
        Files.delete(bad);
        assertThat(augment(args).code()).isZero();
        assertThat(good).exists();
    }

    @Test
    void aMissingLabelIsNotTakenForTheLabelNull() throws IOException {
        Path input = Files.writeString(directory.resolve("null.jsonl"), """
                {"text": "a b", "label": "null"}
                {"text": "a c", "label": null}
                """);

        Result refused = augment("--input", input.toString(), "--balance-by", "label", "--json");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("Cannot balance classes by label: it has rows without a value and rows with the text \"null\";"
                        + " give the rows without a value a label of their own");
    }

    private Path parquet(Dataset<Row> rows, Path file) throws IOException {
        Path written = Files.createTempDirectory(directory, "written").resolve("rows");
        rows.coalesce(1).write().parquet(written.toString());
        try (Stream<Path> files = Files.list(written)) {
            Path part = files.filter(each -> each.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            return Files.move(part, file);
        }
    }

    @Test
    void noFileMayBeLeftOut() {
        Result result = augment(
                "--input", "a.jsonl", "--balance-by", "label", "--output", "out", "--bad-files", "skip", "--refresh");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("2 problems", "--balance-by counts the complete corpus: leave --refresh out")
                .contains("leave --bad-files skip out, and repair or remove such files");
    }

    /** How many documents of a class have how many candidates. */
    private static Map<Long, Long> perDocument(Path output, String label) {
        return new Results(output)
                .rows().stream()
                        .filter(row -> label.equals(row.getAs("label")) && row.<Integer>getAs("variant") > 0)
                        .collect(Collectors.groupingBy(row -> row.<String>getAs("id"), Collectors.counting()))
                        .values()
                        .stream()
                        .collect(Collectors.groupingBy(count -> count, Collectors.counting()));
    }

    @ParameterizedTest
    @CsvSource({"12, 0, 2, 9"})
    void aClassIsFilledUpToTheTarget(int target, int first, int second, int third) throws IOException {
        Path input = classes(16, 10, 3);

        Map<String, JsonNode> rows = Candidates.of(augment(
                "--input",
                input.toString(),
                "--id-column",
                "name",
                "--balance-by",
                "label",
                "--target",
                "" + target,
                "--json"));

        Map<String, Long> made = rows.values().stream()
                .collect(Collectors.groupingBy(row -> row.path("label").asText(), Collectors.counting()));
        assertThat(made.getOrDefault("0", 0L)).isEqualTo(first);
        assertThat(made.getOrDefault("1", 0L)).isEqualTo(second);
        assertThat(made.getOrDefault("2", 0L)).isEqualTo(third);
    }

    @Test
    void noDocumentHasMoreVariantsThanAllowed() throws IOException {
        Map<String, JsonNode> rows = Candidates.of(augment(
                "--input",
                classes(16, 3).toString(),
                "--id-column",
                "name",
                "--balance-by",
                "label",
                "--variants",
                "2",
                "--json"));

        assertThat(rows).hasSize(6);
    }

    private Path classes(int... counts) throws IOException {
        List<String> texts = Candidates.texts(IntStream.of(counts).sum() * 4);
        List<String> lines = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            for (int i = 0; i < counts[label]; i++) {
                int number = lines.size();
                lines.add("{\"name\": \"%d\", \"label\": \"%d\", \"text\": \"%s %s\"}"
                        .formatted(number, label, texts.get(4 * number + 1), texts.get(4 * number + 2)));
            }
        }
        Collections.shuffle(lines, new Random(1));
        return new Corpora(directory).lines("classes.json", lines);
    }
}
