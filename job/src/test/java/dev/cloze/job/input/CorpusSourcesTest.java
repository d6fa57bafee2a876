package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a corpus may come from, and which of its columns are read. */
class CorpusSourcesTest {
    @TempDir
    static Path shared;

    private static Path articles;

    @TempDir
    Path directory;

    @BeforeAll
    static void writeArticles() {
        articles = new Corpora(shared).articles();
    }

    @ParameterizedTest
    @CsvSource({"text,text", "json,json", "csv,csv", "parquet,parquet", "orc,orc"})
    void everySourceOfSparkIsRead(String format, String ending) throws IOException {
        Path input = directory.resolve("input");
        Dataset<Row> texts =
                Runner.spark().sql("SELECT * FROM VALUES ('The [MASK] is big.'), ('a, \"b\" [MASK]') AS t(text)");
        texts.coalesce(1)
                .write()
                .format(format)
                .option("header", true)
                .option("escape", "\"")
                .save(input.toString());
        try (var files = Files.list(input)) {
            Path file = files.filter(p -> p.toString().endsWith(format.equals("text") ? ".txt" : "." + ending))
                    .findFirst()
                    .orElseThrow();
            for (Path path : List.of(input, file)) {
                List<JsonNode> rows =
                        Runner.fillMask("--input", path.toString(), "--json").json();

                assertThat(rows).hasSize(2);
                assertThat(rows).allMatch(row -> row.path("status").asText().equals("ok"));
                assertThat(rows.get(1).path("masks").get(0).path("start").asInt())
                        .isEqualTo(7);
            }
        }
    }

    @Test
    void aNestedArrayOfStringsIsJoinedWithBlanks() {
        JsonNode row = Runner.fillMask(
                        "--input",
                        articles.toString(),
                        "--text-column",
                        "answers.text",
                        "--id-column",
                        "key",
                        "--json",
                        "--top-k",
                        "1")
                .json()
                .get(0);

        assertThat(row.path("masks")
                        .get(0)
                        .path("candidates")
                        .get(0)
                        .path("sequence")
                        .asText())
                .startsWith("the ")
                .endsWith("is big");
    }

    @Test
    void aSecondSentenceIsReadAsAPair() {
        List<JsonNode> rows = Runner.fillMask(
                        "--input", articles.toString(), "--pair-column", "answers.text", "--id-column", "key", "--json")
                .json();

        JsonNode masks = rows.get(0).path("masks");
        assertThat(masks).hasSize(2);
        assertThat(masks.get(1).path("start").asInt()).isEqualTo(4);
        assertThat(masks.get(1).path("candidates").get(0).path("sequence").asText())
                .startsWith("[CLS] paris is the");
    }

    @Test
    void derivedIdsDependOnTheTextAlone() throws IOException {
        Path one = Files.writeString(directory.resolve("one.txt"), "x [MASK]\ny [MASK]\n");
        Path other = Files.writeString(directory.resolve("other.txt"), "y [MASK]\nz\nx [MASK]\n");

        List<String> first = ids(Runner.fillMask("--input", one.toString(), "--json"));
        List<String> second = ids(Runner.fillMask("--input", other.toString(), "--json", "--partitions", "3"));

        assertThat(second).containsAll(first).doesNotHaveDuplicates();
    }

    @Test
    void aWrongColumnBringsTheNearest() {
        Result result = Runner.fillMask("--input", articles.toString(), "--text-column", "answers.txt");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "cloze: Cannot read column answers.txt: the corpus has the columns key, text,"
                                + " lang, n, answers, answers.text; did you mean answers.text?");
    }

    @Test
    void anUnknownFormatBringsTheNearest() {
        assertThat(Runner.fillMask("--input", articles.toString(), "--format", "parkuet")
                        .err())
                .contains("Cannot read format parkuet: Spark has no data source of that name; did you mean parquet?");
        assertThat(Runner.fillMask("--input", "/etc/hostname").err())
                .contains("the name hostname does not tell its format");
    }

    @Test
    void aFileThatIsNotWhatItSaysIsNamed() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.parquet"), "this is no parquet file, it only says so");

        Result result = Runner.fillMask("--input", bad.toString());

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).startsWith("cloze: Cannot read ").contains("bad.parquet");
    }

    @Test
    void aLineThatIsNoJsonFailsAlone() throws IOException {
        Path json = Files.writeString(
                directory.resolve("b.jsonl"), "{\"text\": \"a [MASK]\"}\n{broken\n{\"text\": \"b [MASK]\"}\n");

        List<JsonNode> rows =
                Runner.fillMask("--input", json.toString(), "--json").json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "failed", "ok");
        assertThat(rows.get(1).path("error").asText())
                .startsWith("Cannot read this row: it is not a JSON object: {broken; ");
    }

    @ParameterizedTest
    @CsvSource({"--input,''", "--input,x:y.txt", "--input,s3a://bucket/x.txt", "--output,''", "--output,/proc/nope/x"})
    void whatCannotBeReachedIsSaidWithoutAStackTrace(String option, String value) {
        String[] arguments = option.equals("--input")
                ? new String[] {option, value}
                : new String[] {"--text", "a [MASK]", option, value};

        Result result = Runner.fillMask(arguments);

        assertThat(result.code()).isIn(2, 4, 6);
        assertThat(result.err()).startsWith("cloze: Cannot ").doesNotContain("\tat ", "bug of Cloze");
    }

    private static List<String> ids(Result result) {
        return result.json().stream().map(row -> row.path("id").asText()).toList();
    }
}
