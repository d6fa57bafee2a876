package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.importing.source.Subject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of a repository that has a model several times, one is fetched. */
class SelectionTest {
    private static final Optional<String> BUILT = Optional.of("roberta");
    private static final Optional<String> NOT_BUILT = Optional.of("convbert");

    @Test
    void safetensorsComeBeforeAnExportWhereTheNetworkCanBeBuilt() {
        List<String> paths =
                List.of("config.json", "model.safetensors", "onnx/model.onnx", "pytorch_model.bin", "tf_model.h5");

        assertThat(select(paths, BUILT))
                .isEqualTo(new Selection(
                        Optional.empty(), Optional.of("onnx/model.onnx"), List.of("config.json", "model.safetensors")));
        assertThat(select(paths, NOT_BUILT))
                .isEqualTo(new Selection(
                        Optional.of("onnx/model.onnx"), Optional.empty(), List.of("config.json", "onnx/model.onnx")));
    }

    /** Files of 2019 have no model_type; the import tells the family from the weights. */
    @Test
    void aConfigurationWithoutAFamilyIsNoReasonToRefuseWeights() {
        assertThat(select(List.of("config.json", "model.safetensors"), Optional.empty())
                        .files())
                .contains("model.safetensors");
    }

    @Test
    void shardsComeWithTheirIndexAndWithNothingElse() {
        List<String> paths = List.of(
                "consolidated.safetensors",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
                "vocab.json");

        assertThat(select(paths, BUILT).files())
                .containsExactly(
                        "vocab.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
    }

    @Test
    void anExportComesBeforeWeightsOfPyTorchAndTheseBeforeNothing() {
        assertThat(select(List.of("model.onnx", "pytorch_model.bin"), BUILT).files())
                .containsExactly("model.onnx");
        assertThat(select(List.of("onnx/model_fp16.onnx", "pytorch_model.bin"), BUILT)
                        .files())
                .containsExactly("pytorch_model.bin");
    }

    @Test
    void aVariantIsAlwaysAnExport() {
        List<String> paths = List.of("model.safetensors", "onnx/model_fp16.onnx", "onnx/model_fp16.onnx_data");

        assertThat(Selection.of(paths, BUILT, Optional.of("fp16"), subject()).files())
                .containsExactly("onnx/model_fp16.onnx", "onnx/model_fp16.onnx_data");
    }

    @Test
    void weightsThatNobodyReadsAreNamed() {
        assertThatThrownBy(() -> select(List.of("flax_model.msgpack", "tf_model.h5"), BUILT))
                .hasMessageContaining("and no weights that can be read (flax_model.msgpack, tf_model.h5)");
        assertThatThrownBy(() -> select(List.of("README.md"), BUILT)).hasMessageContaining("(it has none)");
    }

    private static Selection select(List<String> paths, Optional<String> family) {
        return Selection.of(paths, family, Optional.empty(), subject());
    }

    private static Subject subject() {
        return new Subject("import model hf:org/model");
    }
}
