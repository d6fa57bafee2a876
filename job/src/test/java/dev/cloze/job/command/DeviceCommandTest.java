package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --device} on a machine without a GPU, with the ONNX Runtime for CPUs. */
class DeviceCommandTest {
    @TempDir
    Path directory;

    @Test
    void aGpuThatIsNotThereIsAFailureWithItsRepair() {
        for (String device : List.of("cuda", "cuda:1", "tensorrt")) {
            Result result = Runner.fillMask("--text", "a [MASK]", "--device", device);

            assertThat(result.code()).isEqualTo(6);
            assertThat(result.out()).isEmpty();
            String provider = device.startsWith("cuda") ? "CUDAExecutionProvider" : "TensorrtExecutionProvider";
            assertThat(result.err())
                    .isEqualTo(
                            "cloze: Cannot use a GPU (--device " + device + "): the ONNX Runtime on this node has no "
                                    + provider + ", it has [CPUExecutionProvider]; put"
                                    + " com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime,"
                                    + " or compute on the CPU with --device cpu\n");
        }
    }

    @Test
    void whatReallyComputedStandsInManifestAndFooters() throws IOException {
        Path output = directory.resolve("out");
        Path input = Files.writeString(directory.resolve("in.txt"), "paris is the [MASK]\n");

        assertThat(Runner.fillMask("--input", input.toString(), "--output", output.toString(), "--device", "auto")
                        .code())
                .isZero();

        JsonNode manifest =
                new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
        assertThat(manifest.path("providers").toString()).isEqualTo("{\"CPUExecutionProvider\":1}");
        String chunk = manifest.path("chunks").fieldNames().next();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(output.resolve(chunk).toUri()),
                new org.apache.hadoop.conf.Configuration()))) {
            assertThat(reader.getFileMetaData().getKeyValueMetaData())
                    .containsEntry("cloze.provider", "CPUExecutionProvider")
                    .containsEntry("cloze.device", "cpu");
        }
    }

    @Test
    void anotherDeviceDoesNotGoOnWithARun() throws IOException {
        Path output = directory.resolve("out");
        Path input = Files.writeString(directory.resolve("in.txt"), "paris is the [MASK]\n");
        Runner.fillMask("--input", input.toString(), "--output", output.toString());

        Result other = Runner.fillMask("--input", input.toString(), "--output", output.toString(), "--device", "cpu");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("--device was auto, it is cpu");
    }

    @Test
    void mistakesAreSaidBeforeAnythingRuns() {
        Result result = Runner.fillMask("--text", "a [MASK]", "--device", "gpu", "--device-option", "a=b");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("--device must be auto, cpu, cuda, tensorrt, openvino, or a GPU such as cuda:0, it is gpu");
        assertThat(Runner.fillMask("--text", "a [MASK]", "--device-option", "a=b")
                        .err())
                .contains("--device-option needs --device cuda, tensorrt or openvino");
    }
}
