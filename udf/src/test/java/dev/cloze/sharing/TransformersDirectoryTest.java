package dev.cloze.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.adapt.gradient.MaskedBatch;
import dev.cloze.adapt.gradient.ModelGradient;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.importing.graph.PlainModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That transformers loads such directories was tried with transformers; here they are imported again. */
class TransformersDirectoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkpoints/bert",
                "checkpoints/modernbert",
                "exports/bert",
                "exports/distilbert",
                "exports/roberta"
            })
    void whatIsExportedIsTheSameModelWhenItIsImported(String model) throws Exception {
        Bundle bundle = imported(source(model), "first");

        TransformersDirectory.write(bundle, directory.resolve("exported"));

        Bundle again = imported(directory.resolve("exported"), "second");
        assertThat(loss(again)).isCloseTo(loss(bundle), within(1e-4));
    }

    @Test
    void theTokenizersConfigurationSaysHowLongTextsMayBe() throws Exception {
        TransformersDirectory.write(imported(source("checkpoints/bert"), "first"), directory.resolve("exported"));

        assertThat(new ObjectMapper()
                        .readTree(directory
                                .resolve("exported/tokenizer_config.json")
                                .toFile())
                        .get("model_max_length")
                        .asInt())
                .isEqualTo(64);
    }

    @Test
    void theTokenizersConfigurationNamesTheTokensThatAreNotWords() throws Exception {
        TransformersDirectory.write(imported(source("checkpoints/bert"), "first"), directory.resolve("exported"));

        JsonNode config = new ObjectMapper()
                .readTree(directory.resolve("exported/tokenizer_config.json").toFile());
        assertThat(config.path("cls_token").asText()).isEqualTo("[CLS]");
        assertThat(config.path("sep_token").asText()).isEqualTo("[SEP]");
        assertThat(config.path("unk_token").asText()).isEqualTo("[UNK]");
        assertThat(config.path("mask_token").asText()).isEqualTo("[MASK]");
    }

    @Test
    void aGraphThatDoesNotTellTheNamesOfItsWeightsIsRefused() throws Exception {
        Bundle dynamo = imported(source("exports/bert-dynamo"), "first");

        assertThatThrownBy(() -> TransformersDirectory.write(dynamo, directory.resolve("exported")))
                .isInstanceOf(ClozeException.class)
                .hasMessageMatching(
                        "Cannot export model first: its graph does not tell what transformers calls the weights"
                                + " \"val_\\d+\"; share the bundle's model.onnx instead, or adapt a model that was"
                                + " imported from model.safetensors");
        assertThat(directory.resolve("exported")).doesNotExist();
    }

    private static Path source(String model) throws URISyntaxException {
        return Path.of(TransformersDirectoryTest.class
                .getResource("/dev/cloze/" + model)
                .toURI());
    }

    private Bundle imported(Path source, String name) throws IOException {
        return HuggingFaceExport.write(source, name, Files.createDirectory(directory.resolve(name)));
    }

    private static double loss(Bundle bundle) {
        Path graph = bundle.file(Bundle.MODEL);
        TrainableModel model = TrainableModel.read(graph, PlainModel.logits(graph));
        try (ModelGradient gradient = new ModelGradient(model.gradients().get(0), model.parameters())) {
            long[] ids = {11, 12, 13, 14, 15, 16};
            long[] ones = new long[ids.length];
            Arrays.fill(ones, 1);
            return gradient.loss(
                    new MaskedBatch(
                            1, ids.length, ids, ones, new long[ids.length], new long[] {2, 4}, new long[] {7, 8}),
                    1);
        }
    }
}
