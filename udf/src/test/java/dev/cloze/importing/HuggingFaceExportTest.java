package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.ExternalData;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Candidate;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.ReferenceCase;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Targets;
import dev.cloze.text.Document;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of several families that transformers exported: {@code src/test/python/exports.py}. */
class HuggingFaceExportTest {
    private static final double TOLERANCE = 1e-5;
    private static final double TOLERANCE_FP16 = 2e-3;

    @TempDir
    Path target;

    @TempDir
    Path source;

    record Expected(List<ReferenceCase> prompts) {}

    static Stream<String> maskedLanguageModels() throws Exception {
        try (Stream<Path> cases = Files.list(resource(""))) {
            return cases
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("not-mlm"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("maskedLanguageModels")
    void anExportAnswersLikeThePythonPipeline(String name) throws Exception {
        assertAnswersLikeThePythonPipeline(resource(name), name);
    }

    @Test
    void aModelOfMoreThanTwoGigabytesAnswersLikeThePythonPipeline() throws Exception {
        Path large = behindAHole(resource("bert-external-data"), 2_300_000_000L);

        assertAnswersLikeThePythonPipeline(large, "bert-external-data");

        assertThat(Files.size(target.resolve("model.onnx_data"))).isGreaterThan(2_300_000_000L);
    }

    @Test
    void aModelWithWeightsInSubFoldersAnswersLikeThePythonPipeline() throws Exception {
        Path export = resource("bert-external-data");
        Path nested = Exports.copy(export, source);
        Files.createDirectories(nested.resolve("onnx/a"));
        Files.createDirectories(nested.resolve("onnx/b"));
        Files.copy(nested.resolve("model.onnx_data"), nested.resolve("onnx/a/W.bin"));
        Files.move(nested.resolve("model.onnx_data"), nested.resolve("onnx/b/w.bin"));
        Files.move(nested.resolve(Bundle.MODEL), nested.resolve("onnx/model.onnx"));
        int[] tensors = {0};
        Exports.changeTensors(nested.resolve("onnx/model.onnx"), tensor -> {
            if (ExternalData.isExternal(tensor.build())) {
                Exports.locate(tensor, tensors[0]++ % 2 == 0 ? "a/W.bin" : "./b/w.bin");
            }
        });

        assertAnswersLikeThePythonPipeline(nested, "bert-external-data");

        assertThat(Bundle.open(target).manifest().files().keySet())
                .contains("weights-a-W.bin", "weights-.-b-w.bin")
                .allMatch(name -> name.matches("[A-Za-z0-9._-]+"));
    }

    /** The same model whose weights begin so many bytes later in their file. */
    private Path behindAHole(Path export, long hole) throws IOException {
        for (String name : List.of(Bundle.TOKENIZER, Bundle.CONFIG, "tokenizer_config.json")) {
            Files.copy(export.resolve(name), source.resolve(name));
        }
        OnnxMl.ModelProto.Builder model =
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(export.resolve(Bundle.MODEL))).toBuilder();
        for (OnnxMl.TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
            for (OnnxMl.StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
                if (entry.getKey().equals("offset")) {
                    entry.setValue(Long.toString(Long.parseLong(entry.getValue()) + hole));
                }
            }
        }
        Files.write(source.resolve(Bundle.MODEL), model.build().toByteArray());
        try (RandomAccessFile weights =
                new RandomAccessFile(source.resolve("model.onnx_data").toFile(), "rw")) {
            weights.seek(hole);
            weights.write(Files.readAllBytes(export.resolve("model.onnx_data")));
        }
        return source;
    }

    private void assertAnswersLikeThePythonPipeline(Path export, String name) {
        Bundle bundle = HuggingFaceExport.write(export, name, target);
        Expected expected =
                ReferenceCase.read("/dev/cloze/exports/" + name + "/expected.json", new TypeReference<>() {});

        try (LanguageModel model = LanguageModel.open(bundle, Head.MASKED_LM)) {
            FillMask task = new FillMask(
                    5, Targets.any(), LongTexts.FAIL, bundle.manifest().cleanUp());
            Iterator<Outcome<List<FilledMask>>> outcomes = new Scorer<>(model, task, 512)
                    .score(expected.prompts.stream()
                            .map(c -> Document.of(c.text(), c.text()))
                            .iterator());
            for (ReferenceCase prompt : expected.prompts) {
                List<FilledMask> masks = outcomes.next().value().orElseThrow();
                assertThat(masks).hasSameSizeAs(prompt.masks());
                for (int m = 0; m < masks.size(); m++) {
                    assertSame(masks.get(m).candidates(), prompt.masks().get(m), bundle);
                }
            }
        }
    }

    private static void assertSame(List<Candidate> found, List<ReferenceCase.Expected> expected, Bundle bundle) {
        boolean half = bundle.manifest().precision().equals("fp16");
        for (int i = 0; i < expected.size(); i++) {
            double tolerance = half ? TOLERANCE_FP16 : TOLERANCE;
            assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(tolerance));
            if (!half) {
                assertThat(found.get(i).token()).hasValue(expected.get(i).token());
                assertThat(found.get(i).tokenText()).isEqualTo(expected.get(i).tokenText());
                assertThat(found.get(i).sequence()).isEqualTo(expected.get(i).sequence());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "bert-dynamo", "distilbert", "roberta", "electra", "xlm-roberta", "mpnet"})
    void theHeadSeesOnlyGatheredRows(String name) throws Exception {
        HuggingFaceExport.write(resource(name), name, target);
        OnnxMl.ModelProto scoring = OnnxFile.withoutWeights(target.resolve(Bundle.SCORING));

        OnnxMl.NodeProto head = scoring.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Loop"))
                .findFirst()
                .orElseThrow();
        assertThat(head.getAttribute(0).getG().getNodeList())
                .as("products of the last layer's feed-forward part and of the head")
                .filteredOn(node -> node.getOpType().contains("MatMul"))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void weightsAreNotCopiedIntoTheScoringGraph() throws Exception {
        HuggingFaceExport.write(resource("bert"), "bert", target);

        OnnxMl.ModelProto scoring = OnnxFile.withoutWeights(target.resolve(Bundle.SCORING));
        assertThat(scoring.getGraph().getInitializerList())
                .filteredOn(tensor -> tensor.getDimsCount() == 2 && tensor.getDims(0) * tensor.getDims(1) > 512)
                .isNotEmpty()
                .allMatch(tensor -> tensor.getExternalData(0).getValue().equals(Bundle.MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-mlm-features", "not-mlm-classifier"})
    void aModelWithoutAMaskedLanguageModelHeadIsRefused(String name) {
        assertThatThrownBy(() -> HuggingFaceExport.write(resource(name), name, target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot import model ")
                .hasMessageContaining("it has the outputs [")
                .hasMessageContaining("a language model has [logits]")
                .hasMessageEndingWith("; export a model with its language-model head");
    }

    @Test
    void aModelThatSeesBothSidesButHasNoMaskTokenIsRefused(@TempDir Path copy) throws Exception {
        CausalExportTest.copy("exports/bert", copy);
        Files.writeString(copy.resolve("tokenizer_config.json"), "{\"mask_token\": null}");

        assertThatThrownBy(() -> HuggingFaceExport.write(copy, "bert", target))
                .hasMessageEndingWith(
                        "its tokenizer defines no mask_token; export a model with its language-model head");
    }

    @Test
    void aDirectoryWithoutAModelIsRefused(@TempDir Path empty) {
        assertThatThrownBy(() -> HuggingFaceExport.write(empty, "empty", target))
                .hasMessage("Cannot import model " + empty
                        + ": it has no config.json; put config.json, tokenizer.json and model.onnx or"
                        + " model.safetensors of one model there");
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(HuggingFaceExportTest.class
                .getResource("/dev/cloze/exports/" + name)
                .toURI());
    }
}
