package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster's defaults say of reading files does not lose rows of a run. */
class SessionSettingsTest {
    @TempDir
    Path directory;

    @Test
    void aDamagedFileIsNotPassedOverInSilence() throws IOException {
        Path corpus = directory.resolve("corpus");
        Runner.spark()
                .range(0, 20, 1, 2)
                .selectExpr("'a [MASK]' AS text")
                .write()
                .parquet(corpus.toString());
        Path bad;
        try (Stream<Path> files = Files.list(corpus)) {
            // The first one tells the columns.
            bad = files.filter(file -> file.toString().endsWith(".parquet"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        byte[] whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length / 2));

        Result result = with("spark.sql.files.ignoreCorruptFiles", "true", corpus);

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains("Cannot read file:" + bad + ": ");
    }

    @ParameterizedTest
    @CsvSource({"spark.sql.sources.useV1SourceList,''", "spark.sql.columnNameOfCorruptRecord,bad"})
    void aLineThatIsNoRowIsTold(String setting, String value) throws IOException {
        Path corpus = new Corpora(directory).json("corpus.jsonl", "a [MASK]", Corpora.BROKEN);

        Result result = with(setting, value, corpus);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("2 rows (1 failed, 1 ok)");
    }

    private Result with(String setting, String value, Path corpus) {
        String before = Runner.spark().conf().get(setting);
        Runner.spark().conf().set(setting, value);
        try {
            return Runner.fillMask(
                    "--input",
                    corpus.toString(),
                    "--output",
                    directory.resolve("out").toString());
        } finally {
            Runner.spark().conf().set(setting, before);
        }
    }
}
