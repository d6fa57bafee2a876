package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.TaskWatch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Delta table, in a session with Delta's catalog. */
class DeltaOutputTest {
    @TempDir
    Path directory;

    private final SparkSession plain = Runner.spark();
    private SparkSession delta;

    @BeforeEach
    void extend() {
        use(() -> delta = SparkSession.builder()
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                // Fifty for a log of two lines otherwise.
                .config("spark.databricks.delta.snapshotPartitions", 1)
                .getOrCreate());
    }

    @AfterEach
    void restore() {
        SparkSession.setDefaultSession(plain);
        SparkSession.setActiveSession(plain);
    }

    private static void use(Runnable session) {
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        session.run();
    }

    @Test
    void aRunIsAVersionOfTheTable() throws IOException {
        Path output = directory.resolve("table");
        List<String> args = List.of("--text", "a [MASK]", "--text", "the [MASK] of", "--output", output.toString());

        Result first = run(args, "--top-k", "1");
        assertThat(first.code()).as(first.err()).isZero();
        Result refused = run(args, "--top-k", "2");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("it exists already; add --overwrite");
        Result second = run(args, "--top-k", "2", "--overwrite");
        assertThat(second.code()).as(second.err()).isZero();

        assertThat(candidates(output, 0)).isEqualTo(List.of(1, 1));
        assertThat(candidates(output, 1)).isEqualTo(List.of(2, 2));
        for (int version = 0; version < 2; version++) {
            JsonNode run = new ObjectMapper()
                    .readTree(commit(output, version).path("userMetadata").asText());
            assertThat(run.path("cloze.command").asText()).isEqualTo("fill-mask");
            assertThat(run.path("cloze.model.digest").asText())
                    .isEqualTo(Runner.tiny().digest());
        }
    }

    @Test
    void aTableOfACatalogIsMadeRefusedBeforeItIsScoredAndReplaced() {
        String name = "spark_catalog.default.scores_" + ProcessHandle.current().pid();
        List<String> args = List.of("--text", "a [MASK]", "--text", "the [MASK] of", "--output", name);
        try {
            Result first = run(args, "--top-k", "1", "--overwrite");
            assertThat(first.code()).as(first.err()).isZero();
            try (TaskWatch tasks = TaskWatch.watch()) {
                Result refused = run(args, "--top-k", "2");
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err())
                        .contains("Cannot write " + name
                                + ": it exists already; add --overwrite to replace it, or choose another");
                assertThat(tasks.ended()).isZero();
            }
            Result second = run(args, "--top-k", "2", "--overwrite");
            assertThat(second.code()).as(second.err()).isZero();

            Path table = Path.of(URI.create(delta.conf().get("spark.sql.warehouse.dir")))
                    .resolve(name.substring(name.lastIndexOf('.') + 1));
            assertThat(candidates(table, 0)).isEqualTo(List.of(1, 1));
            assertThat(candidates(table, 1)).isEqualTo(List.of(2, 2));
        } finally {
            delta.sql("DROP TABLE IF EXISTS " + name);
        }
    }

    @Test
    void aDirectoryThatIsNoTableIsNotReplaced() throws IOException {
        Path output = Files.createDirectory(directory.resolve("table"));
        Files.writeString(output.resolve("thesis.tex"), "important");

        Result refused = run(List.of("--text", "a [MASK]", "--output", output.toString()), "--overwrite");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("Cannot replace " + output + ": it is not recognizable as results of cloze");
        assertThat(output).isDirectoryContaining("glob:**/thesis.tex");
        assertThat(output.resolve("_delta_log")).doesNotExist();
    }

    @Test
    void aTableOfACatalogThatKeepsNoVersionsIsNotReplaced() {
        String name = "spark_catalog.default.plain_" + ProcessHandle.current().pid();
        try {
            delta.sql("CREATE TABLE " + name + " USING parquet AS SELECT 1 AS one");

            Result refused = run(List.of("--text", "a [MASK]", "--output", name), "--overwrite");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("Cannot replace " + name
                            + ": it is a table of parquet, which keeps no earlier version of it; "
                            + "drop it yourself, or choose another --output");
            assertThat(delta.table(name).count()).isEqualTo(1);
        } finally {
            delta.sql("DROP TABLE IF EXISTS " + name);
        }
    }

    /** What the table's log says of a version, as Delta's protocol has it. */
    private static JsonNode commit(Path table, int version) throws IOException {
        Path file = table.resolve(String.format("_delta_log/%020d.json", version));
        for (String line : Files.readAllLines(file)) {
            JsonNode action = new ObjectMapper().readTree(line);
            if (action.has("commitInfo")) {
                return action.path("commitInfo");
            }
        }
        throw new AssertionError(file + " has no commitInfo");
    }

    private List<Integer> candidates(Path table, int version) {
        return delta
                .read()
                .format("delta")
                .option("versionAsOf", version)
                .load(table.toString())
                .selectExpr("size(masks[0].candidates)")
                .collectAsList()
                .stream()
                .map(row -> row.getInt(0))
                .toList();
    }

    private static Result run(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of("--output-format", "delta"));
        all.addAll(List.of(more));
        return Runner.fillMask(all.toArray(String[]::new));
    }
}
