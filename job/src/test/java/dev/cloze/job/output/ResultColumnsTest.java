package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which columns results have. */
class ResultColumnsTest {
    private static final String SCHEMA = "ARRAY<STRUCT<position: INT, start: INT, end: INT, candidates:"
            + " ARRAY<STRUCT<score: DOUBLE, token: INT, token_str: STRING, sequence: STRING>>>>";

    @TempDir
    Path directory;

    @Test
    void theOutputIsParquetWithOneSchemaAndAManifest() throws IOException {
        Path articles = new Corpora(directory).articles();
        Path output = directory.resolve("out");

        Result result = Runner.fillMask(
                "--input",
                articles.toString(),
                "--id-column",
                "key",
                "--keep",
                "lang,n",
                "--output",
                output.toString());

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("3 rows (1 empty, 1 no-mask, 1 ok)").contains("written to " + output);
        Dataset<Row> rows = Runner.spark().read().parquet(output.toString());
        assertThat(rows.columns()).containsExactly("id", "lang", "n", "masks", "status", "error");
        assertThat(rows.schema().apply("masks").dataType().sql()).isEqualTo(SCHEMA);
        assertThat(rows.orderBy("id")
                        .select("id", "lang", "n", "status")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[a1,en,7,ok], [a2,en,8,no-mask], [a3,fr,9,empty]]");
        JsonNode manifest =
                new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
        assertThat(manifest.path("rows").toString()).isEqualTo("{\"empty\":1,\"no-mask\":1,\"ok\":1}");
        assertThat(manifest.path("model").path("digest").asText())
                .isEqualTo(Runner.tiny().digest());
        assertThat(manifest.path("model")
                        .path("files")
                        .path("model.onnx")
                        .path("sha256")
                        .asText())
                .hasSize(64);
        assertThat(manifest.path("providers").has("CPUExecutionProvider")).isTrue();
        assertThat(manifest.path("versions").path("onnxruntime").asText()).isEqualTo("1.28.0");
        assertThat(manifest.path("settings").path("keep").toString()).isEqualTo("[\"lang\",\"n\"]");
    }

    @Test
    void aKeptColumnMayNotHideAResult() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.csv", "text,status", "x [MASK],1");

        assertThat(Runner.fillMask("--input", corpus.toString(), "--keep", "status")
                        .err())
                .contains("Cannot keep column status: the output has a column status already");
    }
}
