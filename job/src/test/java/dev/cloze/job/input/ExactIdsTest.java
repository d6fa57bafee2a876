package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ids, and what is carried along, have the digits that stand in the file. */
class ExactIdsTest {
    private static final String LONG = "123456789012345678901234567890123456789012";

    @TempDir
    Path directory;

    @Test
    void idsThatNoDoubleHoldsStayApart() throws IOException {
        assertThat(ids(
                        "id",
                        "9007199254740993",
                        "9007199254740992",
                        "1.5",
                        "1.50",
                        "1e5",
                        "-0",
                        LONG,
                        LONG + "1",
                        "\"x\""))
                .containsExactly(
                        "9007199254740993", "9007199254740992", "1.5", "1.50", "1e5", "-0", LONG, LONG + "1", "x");
    }

    @Test
    void idsThatAreIntegersStayIntegers() throws IOException {
        Dataset<Row> rows = run("id", "9007199254740993", "9007199254740992", "-7");

        assertThat(rows.schema().apply("id").dataType().simpleString()).isEqualTo("bigint");
        assertThat(rows.collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactlyInAnyOrder(9007199254740993L, 9007199254740992L, -7L);
    }

    @Test
    void idsOfManyDigitsStayApart() throws IOException {
        assertThat(ids("id", LONG, LONG.replace("12", "13"), LONG.substring(0, 30)))
                .containsExactly(LONG, LONG.replace("12", "13"), LONG.substring(0, 30));
    }

    @Test
    void nestedIdsAreNoWorse() throws IOException {
        assertThat(ids("meta.id", "{\"id\": 9007199254740993}", "{\"id\": 9007199254740992}", "{\"id\": 0.10}"))
                .containsExactly("9007199254740993", "9007199254740992", "0.10");
    }

    @Test
    void idsThatAreObjectsOrWordsAreWhatStandsThere() throws IOException {
        assertThat(ids("id", "{\"a\":  [1.50, 2]}", "\"b\"", "true"))
                .containsExactly("{\"a\":  [1.50, 2]}", "b", "true");
    }

    @Test
    void keptColumnsLoseNoDigits() throws IOException {
        Path file = new Corpora(directory)
                .lines(
                        "kept.jsonl",
                        "{\"text\": \"a\", \"n\": 9007199254740993, \"score\": 0.1, \"deep\": {\"m\": [1, 0.30]}}",
                        "{\"text\": \"b\", \"n\": 1.5, \"score\": 2, \"deep\": {\"m\": [0.12345678901234567890]}}");

        List<JsonNode> rows = Runner.fillMaskOfAnything("--input", file.toString(), "--keep", "n,score,deep", "--json")
                .json();

        assertThat(rows.get(0).path("n").toString()).isEqualTo("\"9007199254740993\"");
        assertThat(rows.get(0).path("score").toString()).isEqualTo("0.1");
        assertThat(rows.get(1).path("score").toString()).isEqualTo("2.0");
        assertThat(rows.get(0).path("deep").toString()).isEqualTo("{\"m\":[\"1\",\"0.30\"]}");
        assertThat(rows.get(1).path("deep").toString()).isEqualTo("{\"m\":[\"0.12345678901234567890\"]}");
    }

    @Test
    void idsOfTablesAreWhatStandsThere() throws IOException {
        Path file = Files.writeString(
                directory.resolve("ids.csv"), "id,text\n007,a\n1e5,b\n2024-01-01,c\ntrue,d\n1.50,e\n" + LONG + ",f\n");

        List<JsonNode> rows = Runner.fillMaskOfAnything("--input", file.toString(), "--id-column", "id", "--json")
                .json();

        assertThat(rows)
                .extracting(row -> row.path("id").asText())
                .containsExactly("007", "1e5", "2024-01-01", "true", "1.50", LONG);
    }

    @Test
    void idsThatSparksOwnReaderWouldRoundAreRefused() throws IOException {
        Path file = file("meta.id", "{\"id\": 9007199254740993}", "{\"id\": 1.5}");

        Result result = Runner.fillMaskOfAnything(
                "--input", file.toString(), "--id-column", "meta.id", "--read-option", "mode=PERMISSIVE");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Spark's own reader, which --read-option mode needs: characters that cannot be decoded")
                .contains("Cannot read ids from column meta.id: some are fractions");
    }

    @Test
    void idsThatSparksOwnReaderKeepsAreTaken() throws IOException {
        Result result = Runner.fillMaskOfAnything(
                "--input",
                file("id", "9007199254740993", "9007199254740992").toString(),
                "--id-column",
                "id",
                "--read-option",
                "mode=PERMISSIVE",
                "--json");

        assertThat(result.json())
                .extracting(row -> row.path("id").asText())
                .containsExactly("9007199254740993", "9007199254740992");
    }

    /** The ids of rows whose column is {@code values}, as JSON prints them, in their order. */
    private List<String> ids(String column, String... values) throws IOException {
        Result result =
                Runner.fillMaskOfAnything("--input", file(column, values).toString(), "--id-column", column, "--json");
        assertThat(result.code()).as(result.err()).isZero();
        return result.json().stream().map(row -> row.path("id").asText()).toList();
    }

    private Dataset<Row> run(String column, String... values) throws IOException {
        Path output = directory.resolve("out");
        Result result = Runner.fillMaskOfAnything(
                "--input", file(column, values).toString(), "--id-column", column, "--output", output.toString());
        assertThat(result.code()).as(result.err()).isZero();
        return Runner.spark().read().parquet(output.toString());
    }

    private Path file(String column, String... values) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String value : values) {
            lines.add("{\"" + column.split("\\.")[0] + "\": " + value + ", \"text\": \"a\"}");
        }
        return new Corpora(directory).lines("ids.jsonl", lines);
    }
}
