package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Characters are those of the files, or it is said that they are not. */
class EncodingTest {
    private static final int ROWS = 3_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"txt", "csv", "tsv", "jsonl"})
    void rowsThatAreNotUtf8AreCountedAndSaidOnce(String ending) throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        Path first = write(corpus.resolve("a." + ending), List.of("caf\u00e9", "a", "na\u00efve"), "ISO-8859-1");
        write(corpus.resolve("b." + ending), List.of("\u00e9t\u00e9", "is \uFFFD", "\u6f22"), "UTF-8");

        for (List<String> output : List.of(
                List.<String>of(), List.of("--output", directory.resolve("out").toString()))) {
            Result result = fill(corpus, output);

            assertThat(result.err())
                    .containsOnlyOnce(
                            "2 rows have characters that no text of UTF-8 has (bytes that mean nothing, read as U+FFFD, or NUL),"
                                    + " first in file:" + first
                                    + "; give the encoding of the files with --encoding, such as ISO-8859-1,"
                                    + " windows-1252 or UTF-16");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void filesOfUtf16AreNoticed(String encoding) throws IOException {
        Path file = write(directory.resolve("a.txt"), List.of("one", "two"), encoding);

        assertThat(ReadCorpus.of(file).read().said())
                .singleElement()
                .asString()
                .contains(" rows have characters that no text of UTF-8 has");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1,txt", "windows-1252,csv", "latin1,jsonl", "UTF-16,txt", "UTF-16LE,txt", "UTF-16BE,csv",
        "UTF-16,jsonl", "UTF-16LE,tsv", "UTF-32,txt", "GB18030,txt", "Shift_JIS,csv", "IBM1047,txt"
    })
    void everyEncodingIsReadAsItIs(String encoding, String ending) throws IOException {
        // Letters of UTF-16 that have the byte of a line end, on one side or the other.
        String odd =
                encoding.startsWith("UTF") || encoding.equals("GB18030") ? "\u010A\u0A0A\u0D0D\u4E00\u0A85" : "Zug";
        List<String> texts =
                IntStream.range(0, ROWS).mapToObj(i -> odd + " number " + i).toList();
        Path file = write(directory.resolve("corpus." + ending), texts, encoding);

        ReadCorpus.Rows read = ReadCorpus.of(file).withEncoding(encoding).read();

        assertThat(read.texts()).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(read.said()).isEmpty();
    }

    @Test
    void whatIsReadInAnEncodingIsScored() throws IOException {
        Path file = write(directory.resolve("corpus.txt"), List.of("\u010Aone", "\u6f22"), "UTF-16");
        Path output = directory.resolve("out");

        Result result = fill(file, List.of("--encoding", "UTF-16", "--output", output.toString()));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(ids(output)).containsExactlyInAnyOrder(id("\u010Aone"), id("\u6f22"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-8"})
    void aByteOrderMarkIsNoLetter(String encoding) throws IOException {
        Path file = Files.write(directory.resolve("a.txt"), "\uFEFFone\r\ntwo".getBytes(Charset.forName(encoding)));

        assertThat(ReadCorpus.of(file).withEncoding(encoding).read().texts()).containsExactly("one", "two");
    }

    @Test
    void anEncodingThatNobodyKnowsBringsTheNearest() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "a\n");

        Result result = Runner.fillMaskOfAnything("--input", file.toString(), "--encoding", "windows-1225");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "Cannot read encoding \"windows-1225\": there is no encoding of that name; did you mean windows-125");
    }

    @Test
    void theEncodingBelongsToTheRun() throws IOException {
        Path file = write(directory.resolve("a.txt"), List.of("caf\u00e9"), "ISO-8859-1");
        List<String> output = List.of("--output", directory.resolve("out").toString());
        fill(file, output);

        Result other = Runner.fillMaskOfAnything(
                "--input", file.toString(), "--encoding", "ISO-8859-1", output.get(0), output.get(1), "--json");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("--encoding was not given, it is ISO-8859-1");
    }

    @Test
    void formatsThatSayItThemselvesHaveNoEncoding() {
        Path corpus = directory.resolve("corpus");
        Runner.spark().sql("SELECT 'a' AS text").write().parquet(corpus.toString());

        Result result = Runner.fillMaskOfAnything("--input", corpus.toString(), "--encoding", "UTF-16");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Cannot read format parquet with --encoding");
    }

    private static Result fill(Path input, List<String> more) {
        List<String> args = new java.util.ArrayList<>(List.of("--input", input.toString(), "--json", "--top-k", "1"));
        args.addAll(more);
        return Runner.fillMaskOfAnything(args.toArray(String[]::new));
    }

    private static Path write(Path file, List<String> texts, String encoding) throws IOException {
        String name = file.toString();
        String content = (name.endsWith("sv") ? "text\n" : "")
                + texts.stream()
                        .map(text -> name.endsWith("jsonl") ? "{\"text\": \"" + text + "\"}" : text)
                        .collect(Collectors.joining("\n"))
                + "\n";
        return Files.write(file, content.getBytes(Charset.forName(encoding)));
    }

    private static List<String> ids(Path output) {
        return Runner.spark().read().parquet(output.toString()).select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** The digest that names a row without an id, by Java. */
    private static String id(String text) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
