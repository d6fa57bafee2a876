package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the names of a corpus stand for: each file once, no table's files, nothing in silence. */
class CorpusFilesTest {
    @TempDir
    Path directory;

    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("corpus"));
        Files.writeString(corpus.resolve("a.txt"), "one [MASK]\ntwo\n");
        Files.writeString(corpus.resolve("b.txt"), "three\n");
    }

    @Test
    void aFileWithSeveralNamesIsReadOnce() throws IOException {
        String a = corpus + "/a.txt";
        Path link = Files.createSymbolicLink(directory.resolve("link.txt"), corpus.resolve("a.txt"));
        Path linked = Files.createSymbolicLink(directory.resolve("linked"), corpus);
        List<List<String>> names = List.of(
                List.of(a, a),
                List.of(corpus + "/./a.txt", a),
                List.of("file:" + a, a),
                List.of(a, link.toString()),
                List.of(corpus + "/*.txt", corpus + "/a*"),
                List.of(corpus.toString(), a),
                List.of(a, linked.toString()),
                List.of(corpus.toString(), linked.toString()));
        for (List<String> inputs : names) {
            int rows =
                    inputs.toString().contains("*") || inputs.toString().matches(".*(corpus|linked)[,\\]].*") ? 3 : 2;
            ReadCorpus.Rows read = ReadCorpus.of(inputs.toArray()).read();

            assertThat(read.rows()).as(inputs.toString()).hasSize(rows);
            assertThat(read.said())
                    .singleElement()
                    .asString()
                    .contains("more than once, by several names: it is read once");
        }
    }

    @Test
    void noFileOfADirectoryIsLeftOutInSilence() throws IOException {
        Path deep = Files.createDirectories(corpus.resolve("deep")).resolve("c.txt");
        Files.writeString(deep, "four\n");
        String repair = "name the directories of the files that you want, or read all of them with --read-option"
                + " recursiveFileLookup=true";

        assertThatThrownBy(() -> ReadCorpus.of(corpus).read())
                .hasMessage("Cannot read corpus " + corpus + ": " + deep
                        + " does not lie beside the other files and would be left out; " + repair);
        assertThat(ReadCorpus.of(corpus + "/*").read().rows()).hasSize(4);
        assertThat(read(List.of(corpus.toString()), List.of("--read-option", "recursiveFileLookup=true"))
                        .json())
                .hasSize(4);

        Files.move(corpus.resolve("deep"), corpus.resolve("lang=en"));
        assertThatThrownBy(() -> ReadCorpus.of(corpus).read())
                .hasMessageContaining("a.txt does not lie beside the other files and would be left out; " + repair);

        Files.move(corpus.resolve("lang=en"), corpus.resolve("_lang"));
        assertThat(ReadCorpus.of(corpus).read().rows()).hasSize(3);
    }

    @Test
    void aFileThatSparkWouldPassOverBecauseOfItsNameIsRefused() throws IOException {
        Path hidden = Files.writeString(corpus.resolve("_b.txt"), "five\n");

        assertThatThrownBy(() -> ReadCorpus.of(corpus + "/a.txt", hidden).read())
                .hasMessage("Cannot read corpus " + hidden + ": its name begins with _, as names of hidden files do;"
                        + " rename the file, or give it another name with a link");
    }

    /** Spark begins with the largest file. */
    @Test
    void rowsStandInTheOrderOfTheirFilesNames() throws IOException {
        Files.writeString(corpus.resolve("b.txt"), "three\n".repeat(200));

        List<String> first = ids(corpus + "/a.txt");
        List<String> all = ids(corpus.toString());

        assertThat(all).hasSize(202);
        assertThat(all.subList(0, 2)).isEqualTo(first);
    }

    @Test
    void aFileWithTwoNamesCountsOnceInEveryRun() {
        for (List<String> output : List.of(
                List.<String>of(), List.of("--output", directory.resolve("out").toString()))) {
            Result result = read(List.of(corpus + "/a.txt", corpus + "/a.txt"), output);

            assertThat(result.err()).contains("2 rows (");
            assertThat(result.err()).containsOnlyOnce("more than once, by several names: it is read once");
        }
    }

    @Test
    void linksWithinADirectoryAreSeen() throws IOException {
        Files.createSymbolicLink(corpus.resolve("c.txt"), corpus.resolve("a.txt"));
        Files.createLink(corpus.resolve("d.txt"), corpus.resolve("b.txt"));

        for (List<String> output : List.of(
                List.<String>of(), List.of("--output", directory.resolve("out").toString()))) {
            Result result = read(List.of(corpus.toString()), output);

            assertThat(result.err())
                    .contains("3 rows (")
                    .contains("the corpus has " + corpus + "/c.txt, " + corpus + "/d.txt more than once");
        }
    }

    /** {@link TableDirectoriesTest} has the formats of others. */
    @Test
    void filesOfATableAreNoCorpus() throws IOException {
        Path table = directory.resolve("table");
        Runner.spark()
                .sql("SELECT 'a' AS text, 'en' AS lang")
                .write()
                .partitionBy("lang")
                .parquet(table.toString());
        new Corpora(table).lines("_delta_log/00.json", "{}");
        Path file;
        try (var files = Files.list(table.resolve("lang=en"))) {
            file = files.filter(f -> f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Path link = Files.createSymbolicLink(directory.resolve("linked.parquet"), file);
        for (String input : List.of(
                table.toString(),
                table + "/lang=en",
                table + "/*/*.parquet",
                file.toString(),
                table + "/lang=*",
                directory + "/t*",
                link.toString())) {
            for (List<String> more : List.of(List.<String>of(), List.of("--format", "parquet"))) {
                Result result = read(List.of(input), more);

                assertThat(result.code()).as(input).isEqualTo(2);
                assertThat(result.err())
                        .contains("a table of delta, whose files hold rows that are no longer in the table; ")
                        .contains("give --format delta --input " + table + ", and the package of delta");
            }
        }
    }

    @Test
    void globsOverPartitionsHaveTheirColumns() throws IOException {
        Path data = directory.resolve("data");
        Runner.spark()
                .sql("SELECT * FROM VALUES ('a', 'en'), ('b', 'fr') AS t(text, lang)")
                .write()
                .partitionBy("lang")
                .parquet(data.toString());
        for (String input : List.of(data + "/lang=*", data + "/lang=*/", data.toString(), data + "/lang=*/*.parquet")) {
            assertThat(ReadCorpus.of(input).keeping("lang").read().column("lang"))
                    .as(input)
                    .containsExactlyInAnyOrder("en", "fr");
        }
        assertThat(read(List.of(data + "/lang=en"), List.of("--keep", "lang")).json())
                .extracting(row -> row.path("lang").asText())
                .containsExactly("en");
    }

    /** {@link PartitionValuesTest} has more of them. */
    @ParameterizedTest
    @CsvSource({"007,8", "12345678901234567890123,1"})
    void valuesOfPartitionsAreWhatTheDirectoriesAreCalled(String one, String other) throws IOException {
        for (String value : List.of(one, other)) {
            Path partition = Files.createDirectories(directory.resolve("ids/id=" + value));
            Files.writeString(partition.resolve("a.txt"), "text " + value + "\n");
        }

        assertThat(ReadCorpus.of(directory + "/ids").withId("id").read().ids()).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void aNameWithLettersOfAGlobIsThatName() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("odd[1]{x}*"));
        Files.writeString(odd.resolve("a?.txt"), "one\n");

        assertThat(ReadCorpus.of(odd).read().texts()).containsExactly("one");
        assertThat(ReadCorpus.of(odd + "/a?.txt").read().texts()).containsExactly("one");
    }

    @Test
    void standardInputIsACorpus() throws IOException {
        assertThat(piped("one [MASK]\ntwo\n", "--input", "-", "--json").json()).hasSize(2);
        assertThat(piped(
                                "{\"id\": 1.50, \"text\": \"a\"}\n",
                                "--input",
                                "-",
                                "--format",
                                "json",
                                "--id-column",
                                "id",
                                "--json")
                        .json())
                .extracting(row -> row.path("id").asText())
                .containsExactly("1.50");
        assertThat(piped("id,text\n1,\"a\nb\"\n", "--input", "-", "--format", "csv", "--id-column", "id", "--json")
                        .json())
                .hasSize(1);
        assertThat(piped("PAR1", "--input", "-", "--format", "parquet").err())
                .contains("Cannot read format parquet from a pipe");
        Result nothing = piped("", "--input", "-");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("Cannot read corpus -: nothing came through it");
        assertThat(piped("a\n", "--input", "-", corpus.toString()).err()).contains("give files or pipes, not both");
    }

    @Test
    void aRunOnStandardInputGoesOnWithTheSameAndWithNothingElse() throws IOException {
        String[] args = {
            "--input", "-", "--top-k", "1", "--output", directory.resolve("out").toString()
        };

        assertThat(piped("one [MASK]\ntwo\n", args).err()).contains("2 rows (");
        assertThat(piped("one [MASK]\ntwo\n", args).err()).contains("nothing is left to score");
        Result other = piped("one [MASK]\nthree\n", args);
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("what was piped in was ");
    }

    @Test
    void aNamedPipeIsReadAndOtherSpecialFilesAreNot() throws Exception {
        Path pipe = directory.resolve("pipe.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Thread writer = new Thread(() -> {
            try {
                Files.writeString(pipe, "one\ntwo\n");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        assertThat(read(List.of(pipe.toString()), List.of()).json()).hasSize(2);
        writer.join();

        Files.move(pipe, corpus.resolve("pipe.txt"));
        Result within = read(List.of(corpus.toString()), List.of());
        assertThat(within.code()).isEqualTo(2);
        assertThat(within.err()).contains("Cannot read corpus " + corpus + "/pipe.txt: it is a pipe; ");

        Result device = read(List.of("/dev/null"), List.of("--format", "text"));
        assertThat(device.code()).isEqualTo(2);
        assertThat(device.err()).contains("Cannot read corpus /dev/null: it is a device; ");
    }

    @Test
    void aDirectoryWithoutFilesIsNoCorpus() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        for (String format : List.of("text", "csv", "json", "parquet")) {
            Result result = read(List.of(empty.toString()), List.of("--format", format));

            assertThat(result.code()).as(format).isEqualTo(2);
            assertThat(result.err()).contains("there is no file in it");
        }
    }

    /** {@code FileSystemsTest} has more of them. */
    @Test
    void aFileSystemThatIsNotThereIsToldWithItsPackage() {
        String repair = "--packages org.apache.hadoop:hadoop-aws:3.4.2 before the command";
        String place = "s3a://bucket/x.txt";
        for (List<String> format :
                List.of(List.<String>of(), List.of("--format", "text"), List.of("--format", "parquet"))) {
            Result in = read(List.of(place), format);
            assertThat(in.code()).isIn(2, 6);
            assertThat(in.err()).contains("Cannot read corpus " + place + ": ").contains(repair);
        }
        for (List<String> format : List.of(List.<String>of(), List.of("--output-format", "orc"))) {
            List<String> more = new ArrayList<>(List.of("--output", place));
            more.addAll(format);
            Result out = read(List.of(corpus.toString()), more);
            assertThat(out.code()).isIn(2, 6);
            assertThat(out.err()).contains("Cannot write " + place + ": ").contains(repair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1960-01-01T00:00:00Z", "1901-12-13T00:00:00Z"})
    void aCorpusOfOldFilesIsScoredByTheTrainersRules(String modified) throws IOException {
        Files.setLastModifiedTime(corpus.resolve("a.txt"), FileTime.from(Instant.parse(modified)));
        String[] args = {
            "--input",
            corpus.toString(),
            "--method",
            "mlm",
            "--hf-compat",
            "blocks",
            "--block-size",
            "4",
            "--max-bad-rows",
            "1.0",
            "--output",
            directory.resolve("out").toString()
        };

        Result result = Runner.perplexity(args);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Runner.perplexity(args).err()).contains("nothing is left to score");
    }

    private static List<String> ids(String input) {
        return read(List.of(input), List.of()).json().stream()
                .map(row -> row.path("id").asText())
                .toList();
    }

    private static Result read(List<String> inputs, List<String> more) {
        List<String> args = new ArrayList<>(List.of("--json", "--top-k", "1", "--input"));
        args.addAll(inputs);
        args.addAll(more);
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private static Result piped(String content, String... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
        try {
            return Runner.fillMask(args);
        } finally {
            System.setIn(before);
        }
    }
}
