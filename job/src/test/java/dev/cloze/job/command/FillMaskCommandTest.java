package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FillMaskCommandTest {
    private static final String SCHEMA = "ARRAY<STRUCT<position: INT, start: INT, end: INT, candidates:"
            + " ARRAY<STRUCT<score: DOUBLE, token: INT, token_str: STRING, sequence: STRING>>>>";

    @TempDir
    Path directory;

    private Path articles;

    @BeforeEach
    void writeArticles() {
        articles = directory.resolve("articles");
        Runner.spark()
                .sql("SELECT * FROM VALUES"
                        + " ('a1', 'Paris is the [MASK] of France.', 'en', 7, named_struct('text', array('the [MASK]', 'is big'))),"
                        + " ('a2', 'no mark', 'en', 8, named_struct('text', array('hello')) ),"
                        + " ('a3', NULL, 'fr', 9, NULL)"
                        + " AS t(key, text, lang, n, answers)")
                .coalesce(1)
                .write()
                .parquet(articles.toString());
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
    void theOutputIsParquetWithOneSchemaAndAManifest() throws IOException {
        Path output = directory.resolve("out");

        Result result = Runner.fillMask(
                "--input",
                articles.toString(),
                "--id-column",
                "key",
                "--keep",
                "lang,n",
                "--output",
                output.toString());

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("3 rows (1 empty, 1 no-mask, 1 ok)").contains("written to " + output);
        Dataset<Row> rows = Runner.spark().read().parquet(output.toString());
        assertThat(rows.columns()).containsExactly("id", "lang", "n", "masks", "status", "error");
        assertThat(rows.schema().apply("masks").dataType().sql()).isEqualTo(SCHEMA.replace(": ", ": "));
        assertThat(rows.orderBy("id")
                        .select("id", "lang", "n", "status")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[a1,en,7,ok], [a2,en,8,no-mask], [a3,fr,9,empty]]");
        JsonNode manifest =
                new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
        assertThat(manifest.path("rows").toString()).isEqualTo("{\"empty\":1,\"no-mask\":1,\"ok\":1}");
        assertThat(manifest.path("model").path("digest").asText())
                .isEqualTo(Runner.tiny().digest());
        assertThat(manifest.path("model")
                        .path("files")
                        .path("model.onnx")
                        .path("sha256")
                        .asText())
                .hasSize(64);
        assertThat(manifest.path("providers").has("CPUExecutionProvider")).isTrue();
        assertThat(manifest.path("versions").path("onnxruntime").asText()).isEqualTo("1.28.0");
        assertThat(manifest.path("settings").path("keep").toString()).isEqualTo("[\"lang\",\"n\"]");
    }

    @Test
    void anOutputThatExistsIsKeptUnlessToldOtherwise() {
        Path output = directory.resolve("out");
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

    private static List<String> ids(Result result) {
        return result.json().stream().map(row -> row.path("id").asText()).toList();
    }

    @Test
    void jsonIsAllThatStandsOnStandardOutput() {
        Result result = Runner.fillMask("--text", "a [MASK]", "--text", "b", "--text", "", "--json");

        assertThat(result.json())
                .extracting(row -> row.path("status").asText())
                .containsExactly("ok", "no-mask", "empty");
        assertThat(result.json()).allMatch(row -> row.has("error"));
        assertThat(result.err()).contains("3 rows");
    }

    @Test
    void theTableShowsTheFirstRowsOnly() throws IOException {
        Path input = Files.writeString(directory.resolve("many.txt"), "the [MASK]\n".repeat(500));

        Result result = Runner.fillMask("--input", input.toString(), "--show", "3", "--top-k", "2");

        assertThat(result.out().lines()).hasSize(2 + 3 * 2);
        assertThat(result.out().lines().findFirst())
                .hasValue("id                                position   score  token  token_str  sequence");
        assertThat(result.err()).contains("3 rows (3 ok)").contains("there may be more, --output DIR scores all");
    }

    @Test
    void aMissingFileIsNamed() {
        for (String format : new String[] {"txt", "parquet"}) {
            Result result = Runner.fillMask("--input", directory + "/nowhere." + format);

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .isEqualToIgnoringNewLines("cloze: Cannot read corpus " + directory + "/nowhere." + format
                            + ": there is no such file or directory; check --input");
        }
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
    void aColumnOfNumbersIsNoText() {
        assertThat(Runner.fillMask("--input", articles.toString(), "--text-column", "n")
                        .err())
                .contains(
                        "Cannot read text from column n: its type is int; name a column of strings or of arrays of strings");
    }

    @Test
    void aKeptColumnMayNotHideAResult() {
        Runner.spark()
                .sql("SELECT 'x [MASK]' AS text, 1 AS status")
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(articles.toString());

        assertThat(Runner.fillMask("--input", articles.toString(), "--keep", "status")
                        .err())
                .contains("Cannot keep column status: the output has a column status already");
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
    void allMistakesAreReportedAtOnce() throws IOException {
        Path conf = Files.writeString(directory.resolve("bad.conf"), "top-k = many\nbatch-tokns = 5\n");

        Result result = Runner.fillMask("--config", conf.toString(), "--partitions", "0", "--outptu", "x");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot run fill-mask: 5 problems:")
                .contains("bad.conf: unknown key batch-tokns, did you mean batch-tokens?")
                .contains("'--top-k': 'many' is not an int")
                .contains("there is no corpus: give --input or --text")
                .contains("--partitions must be at least 1, it is 0")
                .contains("there is no option --outptu, did you mean --output?")
                .contains("see `cloze fill-mask --help`");
    }

    @Test
    void flagsGoBeforeSetAndSetBeforeTheFile() throws IOException {
        Path conf = Files.writeString(
                directory.resolve("a.conf"), "top-k = 1\ntext = [\"a [MASK]\", \"b, c [MASK]\"]\njson = true\n");

        assertThat(candidates(Runner.fillMask("--config", conf.toString()))).containsExactly(1, 1);
        assertThat(candidates(Runner.fillMask("--config", conf.toString(), "--set", "top-k=2")))
                .containsExactly(2, 2);
        assertThat(candidates(Runner.fillMask("--config", conf.toString(), "--set", "top-k=2", "--top-k", "3")))
                .containsExactly(3, 3);
    }

    private static List<Integer> candidates(Result result) {
        return result.json().stream()
                .map(row -> row.path("masks").get(0).path("candidates").size())
                .toList();
    }

    @Test
    void targetsAreWholeWordsUnlessThePythonRuleIsWanted() {
        assertThat(candidates(Runner.fillMask("--text", "a [MASK]", "--targets", "cyborg,Paris,a", "--json")))
                .containsExactly(3);

        Result hf =
                Runner.fillMask("--text", "a [MASK]", "--targets", "cyborg,Paris,a", "--targets-mode", "hf", "--json");
        assertThat(candidates(hf)).containsExactly(3);
        assertThat(hf.err())
                .contains(
                        "The specified target token `Paris` does not exist in the model vocabulary. Replacing with `paris`.");
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

    @Test
    void aRunThatFailsLeavesTheOldResults() throws IOException {
        Path output = directory.resolve("out");
        Runner.fillMask("--text", "a [MASK]", "--output", output.toString());
        Path bad = Files.writeString(directory.resolve("bad.parquet"), "this is no parquet file, it only says so");

        assertThat(Runner.fillMask("--input", bad.toString(), "--output", output.toString(), "--overwrite")
                        .code())
                .isEqualTo(4);

        assertThat(Runner.spark().read().parquet(output.toString()).count()).isEqualTo(1);
    }

    @Test
    void rowsAreShownInTheirOrderWhetherTheyAreKeptOrNot() {
        String[] texts = {
            "--text",
            "a",
            "--text",
            "b [MASK]",
            "--text",
            "c",
            "--text",
            "d",
            "--json",
            "--output",
            directory.resolve("out").toString()
        };

        assertThat(ids(Runner.fillMask(texts))).containsExactly("1", "2", "3", "4");
    }

    @Test
    void filesOfDifferentFormatsAreNotMixed() throws IOException {
        Path text = Files.writeString(directory.resolve("a.txt"), "a [MASK]\n");
        Path json = Files.writeString(directory.resolve("b.jsonl"), "{\"text\": \"b [MASK]\"}\n");

        Result result = Runner.fillMask("--input", text.toString(), json.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("its files are of different formats: json, text; read one format at a time");
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

    @Test
    void aSettingOfTheCommandLineIsTakenAsItStands() {
        assertThat(candidates(Runner.fillMask("--set", "text=see http://a.b // [MASK]", "--json")))
                .containsExactly(5);
    }

    @Test
    void optionsOfTheReaderMayStandInAFile() throws IOException {
        Path conf = Files.writeString(directory.resolve("a.conf"), "read-option { multiLine = true }\n");
        Path json = Files.writeString(directory.resolve("b.json"), "[{\"text\":\n \"a [MASK]\"}]");

        Result result = Runner.fillMask("--input", json.toString(), "--config", conf.toString(), "--json");

        assertThat(candidates(result)).as(result.err()).containsExactly(5);
    }

    @Test
    void aTextOfManyMegabytesIsRefusedAndNothingElseIs() throws IOException {
        Path input = Files.writeString(
                directory.resolve("long.txt"), "a [MASK]\n" + "a ".repeat(3 << 20) + "[MASK]\nb [MASK]\n");

        List<JsonNode> rows =
                Runner.fillMask("--input", input.toString(), "--json").json();

        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("ok", "too-long", "ok");
    }

    @Test
    void namesOfBuiltInModelsCannotBeTaken() {
        String tiny = Runner.tiny().directory().toString();

        assertThat(Runner.run("model", "import", tiny, "--name", "bert-base-cased", "--cache", directory.toString())
                        .err())
                .contains("not those of built-in models");
        assertThat(Runner.run("model", "import", "bert-base-cased", "--name", "x", "--cache", directory.toString())
                        .err())
                .contains("built-in models keep their names");
    }

    @Test
    void noTargetsIsNotEveryTarget() {
        assertThat(Runner.fillMask("--text", "a [MASK]", "--targets", ",").err())
                .contains("--targets names no word");
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

    @Test
    void aModelThatNobodyKnowsBringsTheNearest() {
        Result result =
                Runner.run("fill-mask", "--model", "bert-base-uncase", "--text", "a", "--cache", directory.toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err())
                .contains(
                        "Cannot open model bert-base-uncase: there is no such directory, and no model of that name in "
                                + directory + "; did you mean bert-base-uncased? Otherwise export it to ONNX (");
    }

    @Test
    void rowsThatAreOnlyShownMayNotFailEither() throws IOException {
        Path broken = Files.write(directory.resolve("broken.jsonl"), List.of("{\"text\": \"a [MASK]\"}", "{broken"));

        Result result = Runner.fillMask("--input", broken.toString(), "--max-bad-rows", "0");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).contains("failed");
        assertThat(result.err()).contains("1 of 2 rows failed, --max-bad-rows allows 0");
    }

    @Test
    void helpAndVersionAnswerOnStandardOutput() {
        assertThat(Runner.run("fill-mask", "--help").out()).startsWith("Usage: cloze fill-mask");
        assertThat(Runner.run("--version").out()).startsWith("cloze ");
        assertThat(Runner.run("fil-mask").err()).contains("did you mean fill-mask?");
    }
}
