package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of itself: its manifest, and the footers of its chunks. */
class RunRecordTest {
    private static final int ROWS = 220;

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        for (int part : new int[] {0, 1}) {
            new Corpora(corpus).numbered("part" + part + ".txt", part * ROWS / 2, (part + 1) * ROWS / 2);
        }
    }

    @Test
    void everyChunkSaysWhereItComesFrom() throws IOException {
        fillMask();
        JsonNode manifest = manifest();

        for (Path chunk : new Results(output).files()) {
            try (ParquetFileReader reader = open(chunk)) {
                assertThat(reader.getFileMetaData().getKeyValueMetaData())
                        .containsAllEntriesOf(Map.of(
                                "cloze.schema", "1",
                                "cloze.command", "fill-mask",
                                "cloze.provider", "CPUExecutionProvider",
                                "cloze.device", "cpu",
                                "cloze.onnxruntime", "1.28.0",
                                "cloze.model.digest", Runner.tiny().digest(),
                                "cloze.run", manifest.path("run").asText(),
                                "cloze.fingerprint",
                                        manifest.path("fingerprint").asText()));
                assertThat(reader.getFooter().getBlocks())
                        .flatExtracting(BlockMetaData::getColumns)
                        .extracting(ColumnChunkMetaData::getCodec)
                        .containsOnly(CompressionCodecName.ZSTD);
                assertThat(reader.getRecordCount())
                        .isEqualTo(manifest.path("chunks")
                                .path(chunk.getFileName().toString())
                                .asLong());
            }
        }
        assertThat(sum(manifest.path("chunks"))).isEqualTo(ROWS);
    }

    @Test
    void theManifestListsTheFilesOfTheCorpus() throws IOException {
        fillMask();

        assertFiles(manifest().path("files"));
    }

    /** A corpus whose rows are put together in another way is copied first; what it came from is known all the same. */
    @Test
    void theManifestListsTheFilesOfACorpusThatIsCopied() throws IOException {
        Runner.Result run = Runner.perplexity(
                "--method",
                "mlm",
                "--hf-compat",
                "blocks",
                "--input",
                corpus.toString(),
                "--output",
                output.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertFiles(manifest().path("files"));
    }

    @Test
    void textsOfTheCommandLineAreNoFiles() throws IOException {
        Runner.Result run = Runner.fillMask("--text", "a [MASK]", "--output", output.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(manifest().path("files")).isEmpty();
        assertThat(manifest().path("input").toString()).isEqualTo("[\"--text\"]");
    }

    @Test
    void anotherSettingHasAnotherFingerprintAndTheSameOnesHaveTheSame() throws IOException {
        fillMask();
        String first = manifest().path("fingerprint").asText();
        fillMask("--overwrite");
        assertThat(manifest().path("fingerprint").asText()).isEqualTo(first).hasSize(64);

        fillMask("--overwrite", "--top-k", "2");

        assertThat(manifest().path("fingerprint").asText()).isNotEqualTo(first);
    }

    /** Rows of Parquet come in groups, each of which a reader holds whole. */
    @Test
    void rowGroupsAreAsLargeAsParquetIsTold() throws IOException {
        Configuration hadoop = Runner.spark().sparkContext().hadoopConfiguration();
        hadoop.set("parquet.block.size", "4096");
        try {
            fillMask("--partitions", "1");
        } finally {
            hadoop.unset("parquet.block.size");
        }

        for (Path chunk : new Results(output).files()) {
            try (ParquetFileReader reader = open(chunk)) {
                assertThat(reader.getRowGroups()).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void aCorpusWithoutRowsHasResultsWithColumnsUntilThereAreSome() throws IOException {
        Files.delete(corpus.resolve("part1.txt"));
        Files.writeString(corpus.resolve("part0.txt"), "");

        fillMask();
        fillMask();

        Dataset<Row> none = Runner.spark().read().parquet(output.toString());
        assertThat(none.columns()).containsExactly("id", "masks", "status", "error");
        assertThat(none.count()).isZero();
        assertThat(Runner.run("runs", "show", output.toString()).out())
                .contains("complete")
                .contains("0 of 0");

        Files.writeString(corpus.resolve("part0.txt"), "a [MASK]\n");
        fillMask("--refresh");

        assertThat(new Results(output).rows()).hasSize(1);
        assertThat(new Results(output).files()).hasSize(1);
    }

    private void fillMask(String... more) {
        List<String> all =
                new ArrayList<>(List.of("--input", corpus.toString(), "--show", "1", "--output", output.toString()));
        all.addAll(List.of(more));
        Runner.Result run = Runner.fillMask(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
    }

    private void assertFiles(JsonNode files) throws IOException {
        assertThat(files).hasSize(2);
        for (int part : new int[] {0, 1}) {
            Path file = corpus.resolve("part" + part + ".txt");
            JsonNode listed = files.get(part);
            assertThat(listed.path("path").asText()).endsWith(file.toString());
            assertThat(listed.path("bytes").asLong()).isEqualTo(Files.size(file));
            assertThat(listed.path("modified").asText())
                    .isEqualTo(
                            Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis())
                                    .toString());
        }
    }

    private static long sum(JsonNode counts) {
        return StreamSupport.stream(counts.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
    }

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()));
    }
}
