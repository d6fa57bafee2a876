package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.importing.TinyBert;
import dev.cloze.model.ModelPrecision;
import dev.cloze.model.ModelRequest;
import dev.cloze.onnx.DeviceRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EightBitModelsTest {
    private final List<String> said = new ArrayList<>();

    @TempDir
    Path cache;

    @TempDir
    Path texts;

    private Bundle base;

    @BeforeEach
    void write() {
        base = TinyBert.write(cache, "tiny");
    }

    @Test
    void theFirstUseMakesABundleBesideTheModelAndLaterOnesTakeIt() {
        ModelChoice first = choose(Optional.of(ModelPrecision.INT8), Optional.empty());
        ModelChoice second =
                ModelChoice.of(request("tiny", Optional.of(ModelPrecision.INT8), Optional.empty()), models(), () -> {
                    throw new AssertionError("a sample is asked for again");
                });

        String name = "tiny-int8-" + base.digest().substring(0, 8);
        assertThat(first.bundle().directory()).isEqualTo(cache.resolve(name));
        assertThat(second.bundle().digest()).isEqualTo(first.bundle().digest());
        assertThat(said)
                .containsExactly("making the 8-bit version " + name + " (once, some minutes), calibrated on 64 texts");
        assertThat(Bundle.open(base.directory()).digest()).isEqualTo(base.digest());
        base.verify();
    }

    @Test
    void withoutAPrecisionTheModelIsUsedAsItIs() {
        assertThat(choose(Optional.empty(), Optional.empty()).bundle()).isEqualTo(base);
        assertThat(choose(Optional.of(ModelPrecision.FP32), Optional.empty()).bundle())
                .isEqualTo(base);
        assertThat(said).isEmpty();
    }

    @Test
    void anEightBitModelComputesOnTheCpuUnlessAnotherDeviceIsNamed() {
        assertThat(choose(Optional.of(ModelPrecision.INT8), Optional.empty()).device())
                .hasToString("cpu");
    }

    @Test
    void anEightBitModelIsAModelOfItsOwnName() {
        String name = choose(Optional.of(ModelPrecision.INT8), Optional.empty())
                .bundle()
                .manifest()
                .name();

        assertThat(ModelChoice.of(request(name, Optional.empty(), Optional.empty()), models(), this::sample)
                        .bundle()
                        .manifest()
                        .precision())
                .isEqualTo("int8");
        assertThatThrownBy(() -> ModelChoice.of(
                        request(name, Optional.of(ModelPrecision.FP32), Optional.empty()), models(), this::sample))
                .hasMessage(
                        "Cannot compute model " + name + " in fp32: its precision is int8; leave --precision out, or"
                                + " name the model that it was made of");
    }

    @Test
    void otherTextsDoNotReplaceAVersionThatIsThere() throws IOException {
        Path same = Files.write(texts.resolve("same.txt"), sample().texts());
        Path other = Files.write(texts.resolve("other.txt"), lines("other"));
        Bundle made = choose(Optional.of(ModelPrecision.INT8), Optional.empty()).bundle();

        assertThat(choose(Optional.of(ModelPrecision.INT8), Optional.of(same.toString()))
                        .bundle()
                        .digest())
                .isEqualTo(made.digest());
        assertThatThrownBy(() -> choose(Optional.of(ModelPrecision.INT8), Optional.of(other.toString())))
                .hasMessage("Cannot calibrate model tiny with --calibration: its 8-bit version "
                        + made.manifest().name()
                        + " was calibrated on other texts, and results of both do not compare; leave --calibration"
                        + " out, or remove that version first with `cloze model remove "
                        + made.manifest().name() + "`");
    }

    @Test
    void aFileOfTextsThatCannotBeReadIsNamed() {
        String missing = texts.resolve("missing.txt").toString();

        assertThatThrownBy(() -> choose(Optional.of(ModelPrecision.INT8), Optional.of(missing)))
                .hasMessageStartingWith("Cannot read the calibration texts " + missing + ": ")
                .hasMessageEndingWith("; name a file of UTF-8 on this machine, one text a line");
    }

    @Test
    void aFileOfTextsWithoutAnEndIsNotRead() throws IOException {
        Path large = texts.resolve("large.txt");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength((64L << 20) + 1);
        }

        assertThatThrownBy(() -> choose(Optional.of(ModelPrecision.INT8), Optional.of(large.toString())))
                .hasMessageContaining("it has more than 64 MB, and only 128 of its lines would be taken");
        assertThatThrownBy(() -> choose(Optional.of(ModelPrecision.INT8), Optional.of(texts.toString())))
                .hasMessageContaining("it is not a plain file");
    }

    private ModelChoice choose(Optional<ModelPrecision> precision, Optional<String> calibration) {
        return ModelChoice.of(request("tiny", precision, calibration), models(), this::sample);
    }

    private static ModelRequest request(String name, Optional<ModelPrecision> precision, Optional<String> calibration) {
        return new ModelRequest(name, precision, calibration, DeviceRequest.auto());
    }

    private CalibrationSample sample() {
        return CalibrationSample.of(lines("the capital of france is"));
    }

    private static List<String> lines(String text) {
        return IntStream.range(0, 64).mapToObj(i -> text + " " + i).toList();
    }

    private Models models() {
        return new Models(cache, said::add);
    }
}
