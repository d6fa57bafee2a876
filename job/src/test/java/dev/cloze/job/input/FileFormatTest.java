package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileFormatTest {
    private static final Configuration HADOOP = new Configuration();
    private static final String REPAIR =
            "; check the path, or say --format text, json, csv, parquet, orc or another that Spark reads";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "a.txt,text",
        "a.text,text",
        "a.json,json",
        "a.jsonl,json",
        "a.ndjson,json",
        "a.csv,csv",
        "a.tsv,tsv",
        "a.parquet,parquet",
        "a.orc,orc",
        "A.TXT,text",
        "a.b.csv,csv",
        "a.jsonl.gz,json",
        "a.txt.bz2,text",
        "a.csv.zst,csv",
        "part-0.snappy.parquet,parquet"
    })
    void theEndOfANameTellsTheFormat(String name, String format) throws IOException {
        Files.writeString(directory.resolve(name), "");

        assertThat(format(name)).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hostname", "a.doc", "txt", "a.gz", "gz", "a.txt.gz.gz"})
    void aNameThatDoesNotTellIsNamed(String name) throws IOException {
        Files.writeString(directory.resolve(name), "");

        assertThatThrownBy(() -> format(name))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot read corpus the inputs: the name " + name + " does not tell its format" + REPAIR);
    }

    @Test
    void aFileThatDoesNotTellItsFormatIsNotReadAsTheOthers() throws IOException {
        write("a.txt", "README.md");

        assertThatThrownBy(() -> format(""))
                .hasMessage(
                        "Cannot read corpus the inputs: its files are text, but the name README.md does not tell its"
                                + " format; name the files, for instance with a glob, or say --format text to read all of them");
    }

    @Test
    void filesOfDifferentFormatsAreNotMixed() throws IOException {
        write("a.txt", "b.jsonl");

        assertThatThrownBy(() -> format("a.txt", "b.jsonl"))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot read corpus the inputs: its files are of different formats: json, text;"
                        + " read one format at a time, or say which with --format");
        assertThatThrownBy(() -> format("")).hasMessageContaining("different formats: json, text");
    }

    @Test
    void filesOfADirectoryTellAndHiddenOnesDoNot() throws IOException {
        write("in/a.csv", "in/_SUCCESS", "in/.a.csv.crc", "in/_b.json", "in/sub/c.orc");

        assertThat(format("in")).isEqualTo("csv");
    }

    @Test
    void whereADirectoryHasNoFilesThoseOfTheFirstDirectoryInItTell() throws IOException {
        write("in/empty/_SUCCESS", "in/lang=en/part=1/a.orc", "in/_hidden/a.csv");

        assertThat(format("in")).isEqualTo("orc");
    }

    @Test
    void aDirectoryWithoutFilesIsNoCorpus() throws IOException {
        Files.createDirectories(directory.resolve("in/sub"));

        assertThatThrownBy(() -> format("in"))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot read corpus the inputs: there is no file in it" + REPAIR);
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
    }

    private String format(String... names) {
        return FileFormat.of(
                Stream.of(names)
                        .map(name -> new org.apache.hadoop.fs.Path(
                                directory.resolve(name).toString()))
                        .toList(),
                "the inputs",
                HADOOP);
    }
}
