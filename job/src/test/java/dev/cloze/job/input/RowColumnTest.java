package dev.cloze.job.input;

import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --row-column}: with it, the order of the corpus can be had back from results in any order. */
class RowColumnTest {
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    @Test
    void rowsOfEveryFormatComeBackInTheOrderOfTheirFile() throws IOException {
        Dataset<Row> rows = Runner.spark()
                .range(ROWS)
                .selectExpr("cast((id * 7919) % 1000 as string) AS id", "concat('the capital ', id) AS text")
                .coalesce(1);
        for (String format : List.of("parquet", "orc", "json", "csv")) {
            Path corpus = directory.resolve(format);
            rows.write().option("header", true).format(format).save(corpus.toString());
            Path output = directory.resolve("of-" + format);

            score(corpus, output, "--id-column", "id", "--partitions", "7");

            assertThat(sorted(output).select("id").collectAsList())
                    .as(format)
                    .isEqualTo(rows.select("id").collectAsList());
            assertThat(sorted(output).select("row.number").collectAsList())
                    .extracting(row -> row.getLong(0))
                    .isEqualTo(IntStream.range(0, ROWS).mapToObj(Long::valueOf).toList());
            assertThat(sorted(output).select("row.file").distinct().collectAsList())
                    .singleElement()
                    .asString()
                    .contains("file:" + corpus + "/part-00000");
        }
    }

    /** Spark reads 16 MB at a time. */
    @Test
    void numbersGoOnFromOnePieceOfAFileToTheNext() throws IOException {
        String tooLong = "a".repeat(5_000_000);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 36; i++) {
            lines.add(i % 4 == 0 ? tooLong + i : "number " + i);
        }
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        new Corpora(corpus).lines("long.txt", lines);
        new Corpora(corpus).lines("short.txt", "", "first", "second");
        Path output = directory.resolve("out");

        score(corpus, output);

        List<Row> found = sorted(output).select("row.file", "row.number", "id").collectAsList();
        List<String> expected = new ArrayList<>();
        for (String name : List.of("long.txt", "short.txt")) {
            List<String> all = Files.readAllLines(corpus.resolve(name));
            for (int i = 0; i < all.size(); i++) {
                expected.add(name + " " + i + " " + md5(all.get(i)));
            }
        }
        assertThat(found)
                .extracting(
                        row -> Path.of(row.getString(0)).getFileName() + " " + row.getLong(1) + " " + row.getString(2))
                .isEqualTo(expected);
        assertThat(Files.readString(output.resolve("_plan.json"))).contains("\"start\" : 16777216");
    }

    private static String md5(String text) {
        return Runner.spark()
                .createDataset(List.of(text), Encoders.STRING())
                .selectExpr("md5(cast(value AS binary))")
                .head()
                .getString(0);
    }

    @Test
    void csvHasTheFileAndTheNumberAsColumnsOfTheirOwn() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt", "paris", "is", "new");
        Path output = directory.resolve("out");

        score(corpus, output, "--output-format", "csv");

        List<Row> rows = Runner.spark()
                .read()
                .option("header", true)
                .csv(output.toString())
                .selectExpr("row_file", "cast(row_number AS int)", "id")
                .sort("row_number")
                .collectAsList();
        assertThat(rows).extracting(row -> row.getInt(1)).containsExactly(0, 1, 2);
        assertThat(rows).extracting(row -> row.getString(0)).containsOnly("file:" + corpus);
        assertThat(rows).extracting(row -> row.getString(2)).containsExactly(md5("paris"), md5("is"), md5("new"));
    }

    @Test
    void textsOfTheCommandLineAreNumberedToo() {
        Path output = directory.resolve("out");
        Result result = Runner.perplexity(
                "--text", "paris", "--text", "is", "--text", "new", "--output", output.toString(), "--row-column");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(sorted(output).select("row.file", "row.number", "id").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[--text,0,1]", "[--text,1,2]", "[--text,2,3]");
    }

    @Test
    void rowsThatHaveNoPlaceAreRefused() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt", "paris");

        Result shown = Runner.perplexity("--input", corpus.toString(), "--row-column");
        assertThat(shown.code()).isEqualTo(2);
        assertThat(shown.err())
                .contains("--row-column needs --output: rows that are only shown stand in the order of the corpus");
        Result examples = Runner.perplexity(
                "--input",
                corpus.toString(),
                "--row-column",
                "--output",
                directory.resolve("out").toString(),
                "--method",
                "mlm",
                "--hf-compat",
                "blocks");
        assertThat(examples.code()).isEqualTo(2);
        assertThat(examples.err()).contains("--hf-compat scores examples, not documents");

        Path named = new Corpora(directory).lines("named.jsonl", "{\"text\": \"paris\", \"row\": 1}");
        Result taken = Runner.perplexity(
                "--input",
                named.toString(),
                "--row-column",
                "--keep",
                "row",
                "--output",
                directory.resolve("out").toString());
        assertThat(taken.code()).isEqualTo(2);
        assertThat(taken.err()).contains("Cannot keep column row: the output has a column row already");
    }

    private static void score(Path corpus, Path output, String... more) {
        Result result = Runner.perplexity(Stream.concat(
                        Stream.of("--input", corpus.toString(), "--output", output.toString(), "--row-column"),
                        Stream.of(more))
                .toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
    }

    /** Read in any order, and put in that of the corpus. */
    private static Dataset<Row> sorted(Path output) {
        return Runner.spark().read().parquet(output.toString()).orderBy(rand(5)).orderBy("row.file", "row.number");
    }
}
