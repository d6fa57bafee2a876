package dev.cloze.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path directory;

    @Test
    void whereAllIsWellEveryFindingIsOk() {
        Result result = Runner.command("doctor", Runner.tiny());

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .containsPattern("ONNX Runtime +driver +ok +1\\.28\\.0 \\[CPUExecutionProvider]")
                .containsPattern("network +driver +ok +tokenizers offline, ONNX Runtime without telemetry")
                .containsPattern("device +driver +ok +cpu")
                .containsPattern("model +driver +ok +.*tiny, answers \\(perplexity [0-9.]+\\)")
                .doesNotContain("BROKEN", "repair");
    }

    @Test
    void aCausalModelIsAskedInItsOwnWay() {
        assertThat(Runner.command("doctor", Runner.gpt2()).out()).containsPattern("model +driver +ok +.*gpt2");
    }

    @Test
    void aDamagedModelIsTheModelsFault() throws IOException {
        Bundle model = TinyBert.write(directory, "damaged");
        Files.writeString(model.file(Bundle.SCORING), "x");

        Result result = Runner.command("doctor", model);

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out())
                .containsPattern("model +driver +BROKEN +Cannot open model ")
                .contains("driver: Cannot open model " + model.directory() + ": scoring.onnx has sha256 ")
                .contains("  repair: the file is damaged: delete the directory and import the model again");
        assertThat(result.err())
                .isEqualTo("cloze: Cannot run a job here: 1 of 9 findings is broken; repair what stands above, and ask"
                        + " again\n");
    }

    @Test
    void aModelThatIsNotThereIsTheModelsFault() {
        Result result = Runner.run("doctor", "--model", "bert-base-uncase", "--cache", directory.toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out()).contains("  repair: did you mean bert-base-uncased?");
    }

    @Test
    void aGpuThatCannotBeHadIsADeviceThatIsBroken() {
        Result result = Runner.command("doctor", Runner.tiny(), "--config", "../conf/gpu.conf", "--wait", "5");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out())
                .containsPattern("device +driver +BROKEN +Cannot use a GPU \\(--device cuda\\): ")
                .contains("  repair: put com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime");
    }
}
