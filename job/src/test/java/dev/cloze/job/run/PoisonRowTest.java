package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.catalog.Versions;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.TaskWatch;
import dev.cloze.onnx.OnnxJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that the model itself cannot take costs no other row, and no task. */
class PoisonRowTest {
    private static final int ROWS = 10_000;
    private static final int POISON = 6_543;

    @TempDir
    Path directory;

    @Test
    void oneRowOfTenThousandFailsInsideTheModel() throws IOException {
        Path input = new Corpora(directory)
                .numbered("corpus.txt", 0, ROWS, i -> (i == POISON ? "[POISON] " : "") + i + " is the [MASK]");
        Path output = directory.resolve("out");

        try (TaskWatch failed = TaskWatch.watch()) {
            Bundle bundle = poisonable();
            Result result = Runner.command(
                    "fill-mask",
                    bundle,
                    "--cache",
                    cacheThatTrusts(bundle).toString(),
                    "--input",
                    input.toString(),
                    "--top-k",
                    "1",
                    "--show",
                    "1",
                    "--output",
                    output.toString());

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains("10,000 rows (1 failed, 9,999 ok)");
            assertThat(failed.reasons()).isEmpty();
        }
        Dataset<Row> rows = Runner.spark().read().parquet(output.toString());
        assertThat(rows.select("id").distinct().count()).isEqualTo(ROWS);
        assertThat(rows.filter("status = 'ok' and size(masks) = 1").count()).isEqualTo(ROWS - 1);
        List<Row> poisoned = rows.filter("status = 'failed'").collectAsList();
        assertThat(poisoned).hasSize(1);
        assertThat(poisoned.get(0).<String>getAs("error")).contains("Gather").contains("out of");
    }

    /** A cache in which the bundle stands as tried, so that nobody notices beforehand what is wrong with it. */
    private Path cacheThatTrusts(Bundle bundle) throws IOException {
        Path tried = new BundleStore(directory.resolve("cache")).triedBundles();
        Files.writeString(
                tried.resolve(bundle.digest()),
                "cloze " + Versions.of("cloze") + ", onnxruntime " + OnnxJar.version() + "\n");
        return directory.resolve("cache");
    }

    /** The tiny model with a token beyond its table of embeddings: ONNX Runtime fails on every batch that holds it. */
    private Bundle poisonable() throws IOException {
        Bundle tiny = Runner.tiny();
        Path copy = Files.createDirectory(directory.resolve("poisonable"));
        try (Stream<Path> files = Files.list(tiny.directory())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer =
                (ObjectNode) json.readTree(copy.resolve(Bundle.TOKENIZER).toFile());
        ObjectNode token = tokenizer.withArray("added_tokens").addObject();
        token.put("id", tiny.manifest().vocabularySize() + 1_000);
        token.put("content", "[POISON]");
        for (String property : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.put(property, false);
        }
        token.put("special", true);
        json.writeValue(copy.resolve(Bundle.TOKENIZER).toFile(), tokenizer);
        return Bundle.seal(copy, tiny.manifest().withFiles(Bundle.listing(copy)));
    }
}
