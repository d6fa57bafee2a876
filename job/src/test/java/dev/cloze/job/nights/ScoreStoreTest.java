package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreStoreTest {
    private static final LocalDate NIGHT = LocalDate.parse("2026-03-02");
    private static final NightScale SCALE = new NightScale("tiny", "0123456789abcdef", "pll", "window");

    @TempDir
    Path directory;

    private ScoreStore store() {
        AuditHistory history = AuditHistory.of(
                directory.toString(),
                Optional.empty(),
                List.of(),
                Runner.spark().sessionState().newHadoopConf());
        return new ScoreStore(Runner.spark(), history.files(), SCALE);
    }

    private static Dataset<Row> documents(long count, LocalDate night) {
        return Runner.spark()
                .range(count)
                .select(
                        TextKey.of(col("id").cast("string")).as(TextKey.NAME),
                        lit(night).as(ScoreStore.FIRST_NIGHT),
                        rand(1).multiply(500).plus(20).cast("int").as(ScoreStore.TOKENS),
                        rand(2).multiply(1500).plus(1).as(ScoreStore.NLL));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("scores/" + SCALE.key()))) {
            return all.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aMillionDocumentsTakeAtMost26BytesEach() throws IOException {
        store().add(NIGHT, documents(1_000_000, NIGHT));
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isLessThanOrEqualTo(26_000_000);
    }

    @Test
    void theSameScoresMakeTheSameFile() throws IOException {
        store().add(NIGHT, documents(1000, NIGHT).persist());
        List<Path> first = files();
        store().add(NIGHT, documents(1000, NIGHT).repartition(7));
        assertThat(files()).isEqualTo(first).hasSize(1);
        assertThat(directory.resolve("_unfinished")).isEmptyDirectory();
    }

    @Test
    void aDocumentHasTheFirstOfItsNightsAndTheScoreThatAnyHas() {
        Dataset<Row> one = documents(1, NIGHT);
        store().add(
                        NIGHT.plusDays(3),
                        one.withColumn(ScoreStore.FIRST_NIGHT, lit(NIGHT.plusDays(3)))
                                .withColumn(ScoreStore.TOKENS, lit(7)));
        store().add(
                        NIGHT,
                        one.withColumn(ScoreStore.TOKENS, lit(null).cast("int"))
                                .withColumn(ScoreStore.NLL, lit(null).cast("double")));
        Row found = store().of(documents(2, NIGHT).select(TextKey.NAME)).first();
        assertThat(found.<Integer>getAs(ScoreStore.TOKENS)).isEqualTo(7);
        assertThat(found.getDate(1).toLocalDate()).isEqualTo(NIGHT);
        assertThat(store().firstNight()).contains(NIGHT);
    }
}
