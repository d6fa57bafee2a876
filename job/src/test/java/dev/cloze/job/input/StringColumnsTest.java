package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that begin with strings are not inferred, and are what Spark would infer. */
class StringColumnsTest {
    private static final String ROW = "{\"text\":\"a\",\"id\":\"b\",\"other\":1}\n";

    @TempDir
    Path directory;

    /** With a samplingRatio Spark infers as ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":1.50,\"id\":2}",
                "{\"text\":{\"a\": [1, 2]},\"id\":[]}",
                "{\"text\":[\"x\",\"y\"],\"id\":{}}",
                "{\"text\":null,\"id\":null}",
                "{\"text\":true}",
                "{}",
                "{\"Text\":\"other\",\"ID\":\"other\"}",
                "{\"text\":\"2020-01-01T00:00:00Z\",\"id\":\"c\"}",
                "no object"
            })
    void whateverElseIsInThemTheRowsAreThoseOfInferredTypes(String odd) throws IOException {
        Files.writeString(directory.resolve("a.jsonl"), ROW.repeat(30) + odd + "\n");

        Read quick = read(Map.of());
        Read inferred = read(Map.of("samplingRatio", "1.0"));

        assertThat(quick.schema()).isEqualTo(inferred.schema());
        assertThat(quick.rows()).isEqualTo(inferred.rows()).hasSize(31);
    }

    @Test
    void onlyTheFirstRowsAreLookedAt() throws IOException {
        Files.writeString(directory.resolve("a.jsonl"), ROW.repeat(30));

        assertThat(jobsOfReading(Map.of())).isEqualTo(1);
        assertThat(jobsOfReading(Map.of("samplingRatio", "1.0"))).isPositive();
    }

    @Test
    void aColumnThatBeginsWithoutStringsIsInferredFromAllRows() throws IOException {
        Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"text\":\"a\",\"id\":1}\n".repeat(30) + "{\"text\":\"b\",\"id\":1.5}\n");

        assertThat(read(Map.of()).rows()).extracting(row -> row.get(0)).contains("1", "1.5");
    }

    private int jobsOfReading(Map<String, String> options) {
        SparkContext spark = Runner.spark().sparkContext();
        int before = spark.dagScheduler().numTotalJobs();
        read(options, session -> new CorpusReader(session).read(Set.of()).schema());
        return spark.dagScheduler().numTotalJobs() - before;
    }

    private record Read(StructType schema, List<Row> rows) {}

    private Read read(Map<String, String> options) {
        return read(options, session -> {
            var data = new CorpusReader(session).read(Set.of());
            return new Read(data.schema(), data.collectAsList());
        });
    }

    private <T> T read(Map<String, String> options, Function<CorpusSession, T> use) {
        Corpus corpus = new Corpus(
                List.of(),
                List.of(directory.toString()),
                new Corpus.Reading(Optional.of("json"), options, Optional.empty()),
                new Corpus.Columns(
                        Optional.empty(), Optional.empty(), Optional.of("id"), List.of(), Corpus.RowColumn.NONE));
        try (CorpusSession session = new CorpusSession(Runner.spark(), corpus, message -> {})) {
            return use.apply(session);
        }
    }
}
