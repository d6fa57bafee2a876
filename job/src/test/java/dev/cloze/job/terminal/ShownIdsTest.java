package dev.cloze.job.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids of any type can be read by a person. */
class ShownIdsTest {

    /** Expressions of Spark, and what they look like in a table, in JSON and in CSV. */
    private static final Map<String, Shown> IDS = Map.of(
            "X'00FFAB'", new Shown("00ffab", "\"00ffab\"", "00ffab"),
            "struct(7 AS a, X'0F' AS b, 'x' AS c)",
                    new Shown(
                            "{\"a\":7,\"b\":\"0f\",\"c\":\"x\"}",
                            "{\"a\":7,\"b\":\"0f\",\"c\":\"x\"}",
                            "\"{\"\"a\"\":7,\"\"b\"\":\"\"0f\"\",\"\"c\"\":\"\"x\"\"}\""),
            "array('x', null, 'y z')",
                    new Shown("[\"x\",null,\"y z\"]", "[\"x\",null,\"y z\"]", "\"[\"\"x\"\",null,\"\"y z\"\"]\""),
            "map('k', X'01')", new Shown("{\"k\":\"01\"}", "{\"k\":\"01\"}", "\"{\"\"k\"\":\"\"01\"\"}\""),
            "cast('0.0000000001' AS decimal(38, 10))", new Shown("0.0000000001", "1E-10", "0.0000000001"),
            "cast('123456789012345678901234567890.5' AS decimal(38, 1))",
                    new Shown(
                            "123456789012345678901234567890.5",
                            "123456789012345678901234567890.5",
                            "123456789012345678901234567890.5"),
            "timestamp'2024-02-29T12:30:00.123456Z'",
                    new Shown(
                            "2024-02-29T12:30:00.123456Z",
                            "\"2024-02-29T12:30:00.123456Z\"",
                            "2024-02-29T12:30:00.123456Z"),
            "date'2024-02-29'", new Shown("2024-02-29", "\"2024-02-29\"", "2024-02-29"),
            "9007199254740993L", new Shown("9007199254740993", "9007199254740993", "9007199254740993"));

    /** A nested one with bytes in it, and one that Spark's writers would shorten. */
    private static final List<String> IN_RUNS =
            List.of("struct(7 AS a, X'0F' AS b, 'x' AS c)", "timestamp'2024-02-29T12:30:00.123456Z'");

    @TempDir
    Path directory;

    private String zone;

    private record Shown(String table, String json, String csv) {
        /** The cell of CSV without quotes around and in it. */
        String unquoted() {
            return csv.startsWith("\"") ? csv.substring(1, csv.length() - 1).replace("\"\"", "\"") : csv;
        }
    }

    @BeforeEach
    void setZone() {
        zone = Runner.spark().conf().get("spark.sql.session.timeZone");
        Runner.spark().conf().set("spark.sql.session.timeZone", "UTC");
    }

    @AfterEach
    void restoreZone() {
        Runner.spark().conf().set("spark.sql.session.timeZone", zone);
    }

    @Test
    void idsOfAnyTypeAreReadable() throws IOException {
        for (Map.Entry<String, Shown> id : IDS.entrySet()) {
            Dataset<Row> rows = Runner.spark()
                    .sql("SELECT " + id.getKey() + " AS id, 3 AS tokens, 1.0D AS nll, 1.0D AS cross_entropy,"
                            + " 2.0D AS perplexity, 'ok' AS status, CAST(NULL AS STRING) AS error");

            assertThat(printed(rows, Display.TABLE))
                    .contains("\n" + id.getValue().table() + "  ");
            JsonNode json =
                    new ObjectMapper().readTree(printed(rows, Display.JSON)).path("id");
            assertThat(json)
                    .as(id.getKey())
                    .isEqualTo(new ObjectMapper().readTree(id.getValue().json()));
        }
    }

    /** How Spark writes times is seen in runs only. */
    @Test
    void idsOfAnyTypeAreTextOrNumbersWhereRowsAreFlat() {
        for (Map.Entry<String, Shown> id : IDS.entrySet()) {
            if (!id.getKey().startsWith("timestamp")) {
                Dataset<Row> flat = Readable.flat(Runner.spark().sql("SELECT " + id.getKey() + " AS id"));

                assertThat(flat.first().get(0))
                        .asString()
                        .isEqualTo(id.getValue().unquoted());
            }
        }
    }

    private static String printed(Dataset<Row> rows, Display display) {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()));
        new RowPrinter(new DocumentScoreView(), display, 1, terminal).print(Stream.of(rows));
        return out.toString();
    }

    @Test
    void soTheyAreInRuns() throws IOException {
        for (String id : IN_RUNS) {
            assertShown(id, IDS.get(id));
        }
    }

    private void assertShown(String id, Shown expected) throws IOException {
        Path corpus = directory.resolve("corpus");
        Runner.spark()
                .sql("SELECT " + id + " AS id, 'the capital' AS text")
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(corpus.toString());
        String[] args = {"--input", corpus.toString(), "--id-column", "id"};

        assertThat(run(args).out()).contains("\n" + expected.table() + "  ");
        JsonNode json = run(args, "--json").json().get(0).path("id");
        assertThat(json).as(id).isEqualTo(new ObjectMapper().readTree(expected.json()));
        Path output = directory.resolve("csv");
        run(args, "--output", output.toString(), "--output-format", "csv", "--overwrite");
        try (Stream<Path> parts = Files.list(output)) {
            String csv = parts.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .map(ShownIdsTest::read)
                    .collect(Collectors.joining());
            assertThat(csv).as(id).contains("\n" + expected.csv() + ",");
        }
    }

    private static Result run(String[] args, String... more) {
        Result result = Runner.perplexity(
                Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
