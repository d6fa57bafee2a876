package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of CSV are what RFC 4180 says, and what is none of those is told. */
class CsvCorpusTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"csv,','", "tsv,'\t'"})
    void threeRecordsWithLineBreaksInQuotesAreThreeRows(String ending, String separator) throws IOException {
        Path file = write(
                "a." + ending,
                "id,note,text\r\n007,\"x\r\ny\",\"the [MASK]\r\nis \"\"big\"\"\"\r\n1e5,,\"\n\n[MASK], a\"\r\n2,z,b\r\n"
                        .replace(',', separator.charAt(0))
                        .replace("[MASK]\t a", "[MASK]\t a"));

        List<JsonNode> rows = Runner.fillMaskOfAnything(
                        "--input", file.toString(), "--id-column", "id", "--keep", "note", "--json", "--top-k", "1")
                .json();

        assertThat(rows).extracting(row -> row.path("id").asText()).containsExactly("007", "1e5", "2");
        assertThat(rows).extracting(row -> row.path("note").asText()).containsExactly("x\r\ny", "null", "z");
        assertThat(rows)
                .extracting(row -> row.path("masks").path(0).path("start").asInt(-1))
                .containsExactly(4, 2, -1);
    }

    @Test
    void twoHundredRecordsAreTwoHundredRowsInChunksToo() throws IOException {
        String rows = IntStream.range(0, 200)
                .mapToObj(i -> i + ",\"row " + i + (i % 10 == 0 ? "\nhas a" : " has a") + " [MASK]\"\n")
                .collect(Collectors.joining());
        Path file = write("many.csv", "id,text\n" + rows);
        Path output = directory.resolve("out");

        Result result = Runner.fillMaskOfAnything(
                "--input",
                file.toString(),
                "--id-column",
                "id",
                "--top-k",
                "1",
                "--partitions",
                "7",
                "--output",
                output.toString());

        assertThat(result.err()).contains("200 rows (200 ok)");
        assertThat(Runner.spark().read().parquet(output.toString()).select("id").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }

    @Test
    void recordsAreWholeHoweverSmallThePiecesAreThatSparkReads() throws IOException {
        String pieces = "spark.sql.files.maxPartitionBytes";
        Path file = write("pieces.csv", "text\n" + "\"a\nb\"\n".repeat(200));
        Runner.spark().conf().set(pieces, "64");
        try {
            assertThat(ReadCorpus.of(file).read().texts()).hasSize(200).containsOnly("a\nb");
        } finally {
            Runner.spark().conf().unset(pieces);
        }
    }

    @Test
    void aLargeFileThatCannotBeCutIsSaidToCostTime() throws IOException {
        Path file = write("large.csv", "id,text\n1,a\n");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((1L << 28) + 1);
        }

        // It is said before the columns are looked at, and so before anything of the file is read.
        Result result = Runner.fillMask("--input", file.toString(), "--text-column", "none");

        assertThat(result.err())
                .contains("the corpus has the columns id, text")
                .contains(file
                        + " is read from its beginning by every task that scores a part of it, because line ends may"
                        + " stand within its rows; a run is faster with files of less than 256 MB");
    }

    @Test
    void recordsWithMoreOrFewerFieldsThanTheFirstFailAlone() throws IOException {
        Path file = write("ragged.csv", "id,text\n1,a\n2\n3,b,c\n\n4,\"d\"\n");

        List<JsonNode> rows = rows(file);

        assertThat(rows)
                .extracting(row -> row.path("status").asText())
                .containsExactly("no-mask", "failed", "failed", "no-mask");
        assertThat(rows.get(2).path("error").asText())
                .isEqualTo("Cannot read this row: it has 3 fields, the first row has 2, it begins with 3; correct it,"
                        + " or check --format and --read-option sep=");
    }

    @Test
    void columnsOfFilesAreMatchedByName() throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        Files.writeString(corpus.resolve("a.csv"), "id,text\n1,a\n");
        Files.writeString(corpus.resolve("b.csv"), "text,other,id\nb,x,2\n");

        assertThat(rows(corpus)).extracting(row -> row.path("id").asText()).containsExactlyInAnyOrder("1", "2");

        Path other = Files.writeString(corpus.resolve("c.csv"), "id,body\n3,c\n");
        Result lacking = fill(corpus);
        assertThat(lacking.code()).isEqualTo(4);
        assertThat(lacking.err())
                .contains("Cannot read file:" + other + ": it has no column text, its first row names id, body");
    }

    @Test
    void aColumnThatIsNamedTwiceIsNotGuessed() throws IOException {
        Result result = fill(write("twice.csv", "id,text,text\n1,a,b\n"));

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("its first row names the column text more than once");
        assertThat(rows(write("case.csv", "id,TEXT,x,x\n1,a,b,c\n"))).hasSize(1);
        assertThat(rows(write("exact.csv", "TEXT,id,text\nnot this [MASK],1,a\n")))
                .extracting(row -> row.path("status").asText())
                .containsExactly("no-mask");
    }

    @Test
    void aQuoteThatIsNeverClosedEndsTheRunAndNamesItsLine() throws IOException {
        Result result = fill(write("open.csv", "id,text\n1,a\n2,\"b\n3,c\n"));

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("open.csv: the quote that opens in line 3 is never closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id,text", "id,text\n", "\uFEFFid,text\r\n"})
    void aFileOfNamesAloneHasNoRows(String content) throws IOException {
        Result result = fill(write("names.csv", content));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("0 rows");
    }

    @Test
    void aByteOrderMarkBelongsToNoName() throws IOException {
        assertThat(rows(write("bom.csv", "\uFEFFid,text\n1,a\n")))
                .extracting(row -> row.path("id").asText())
                .containsExactly("1");
    }

    @Test
    void columnsAndLettersHaveNoLimitOfSpark() throws IOException {
        String many = IntStream.range(0, 30_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        Path file = write("wide.csv", "id,text," + many + "\n1,a [MASK]," + many + "\n");
        assertThat(rows(file)).extracting(row -> row.path("status").asText()).containsExactly("ok");

        Path text = write("long.csv", "id,text\n1,\"" + "a ".repeat(3 << 20) + "\"\n2,b\n");
        assertThat(rows(text)).extracting(row -> row.path("status").asText()).containsExactly("too-long", "no-mask");
    }

    @Test
    void dialectsOfReadOptionsAreRead() throws IOException {
        Path file = write("dialect.csv", "1;'a;\nb'\n2;c\n");

        List<JsonNode> rows = Runner.fillMaskOfAnything(
                        "--input",
                        file.toString(),
                        "--json",
                        "--read-option",
                        "sep=;",
                        "--read-option",
                        "quote='",
                        "--read-option",
                        "header=false",
                        "--text-column",
                        "_c1",
                        "--id-column",
                        "_c0")
                .json();

        assertThat(rows).extracting(row -> row.path("id").asText()).containsExactly("1", "2");
    }

    @Test
    void whatOnlySparksReaderKnowsKeepsRecordsAndIdsToo() throws IOException {
        Path file = write("spark.csv", "id,text\n007,\"a\nb\"\n# no row\n008,c,d\n009,e\n");

        List<JsonNode> rows = Runner.fillMaskOfAnything(
                        "--input",
                        file.toString(),
                        "--json",
                        "--id-column",
                        "id",
                        "--read-option",
                        "comment=#",
                        "--read-option",
                        "inferSchema=true")
                .json();

        assertThat(rows).extracting(row -> row.path("id").asText()).containsExactly("007", "008", "009");
        assertThat(rows).extracting(row -> row.path("status").asText()).containsExactly("no-mask", "failed", "no-mask");
    }

    @Test
    void aDamagedRowHasItsReasonAmongTheResults() throws IOException {
        Path output = directory.resolve("out");
        Runner.fillMaskOfAnything(
                "--input", write("bad.csv", "id,text\n1\n2,b\n").toString(), "--output", output.toString());

        List<Row> failed = Runner.spark()
                .read()
                .parquet(output.toString())
                .filter("status = 'failed'")
                .collectAsList();
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).<String>getAs("error")).startsWith("Cannot read this row: it has 1 fields");
    }

    private Path write(String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }

    private static Result fill(Path input, String... more) {
        String[] given = {"--input", input.toString(), "--id-column", "id", "--json", "--top-k", "1"};
        String[] all = Arrays.copyOf(given, given.length + more.length);
        System.arraycopy(more, 0, all, given.length, more.length);
        return Runner.fillMaskOfAnything(all);
    }

    private static List<JsonNode> rows(Path input) {
        Result result = fill(input);
        assertThat(result.code()).as(result.err()).isZero();
        return result.json();
    }
}
