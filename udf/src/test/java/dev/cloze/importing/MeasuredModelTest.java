package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.importing.graph.Precision;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Targets;
import dev.cloze.text.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import finds out by running a model, whatever its files say. */
class MeasuredModelTest {
    private static final List<String> TEXTS = List.of(
            "[MASK].",
            "The capital of France is [MASK].",
            "My name is Anna and she lives in a [MASK] of 300 people, and works in the city.",
            "Paris [MASK].");

    @TempDir
    Path source;

    @TempDir
    Path target;

    @BeforeEach
    void copy() throws Exception {
        Exports.copyOf("exports/bert", source.resolve("bert"));
        Exports.copyOf("exports/roberta", source.resolve("roberta"));
    }

    @Test
    void rowsOfAModelThatSeesPaddingHaveTheNumbersThatTheyHaveAlone() throws Exception {
        blind(source.resolve("bert"));
        Bundle bundle = HuggingFaceExport.write(source.resolve("bert"), "blind", target);

        assertThat(bundle.manifest().sensitivity()).hasValue(Manifest.Padding.SENSITIVE);
        try (LanguageModel model = LanguageModel.open(bundle, Head.MASKED_LM)) {
            List<List<FilledMask>> together = answers(model, TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                List<FilledMask> alone = answers(model, List.of(TEXTS.get(i))).get(0);
                for (int c = 0; c < 5; c++) {
                    assertThat(together.get(i).get(0).candidates().get(c).score())
                            .isCloseTo(alone.get(0).candidates().get(c).score(), within(1e-6));
                }
            }
        }
    }

    @Test
    void aModelThatDoesNotSeePaddingHasNothingToSayOfIt() {
        Bundle bundle = HuggingFaceExport.write(source.resolve("bert"), "bert", target);

        assertThat(bundle.manifest().sensitivity()).isEmpty();
        assertThat(target.resolve(Bundle.MANIFEST)).content().doesNotContain("padding");
    }

    @Test
    void theLimitIsWhatTheModelCanReadWhateverItsFilesSay() throws Exception {
        Path roberta = source.resolve("roberta");
        Exports.changeJson(roberta.resolve(Bundle.CONFIG), json -> json.put("model_type", "unheard-of"));
        Exports.changeJson(roberta.resolve("tokenizer_config.json"), json -> json.put("model_max_length", 1e30));

        Bundle bundle = HuggingFaceExport.write(roberta, "unheard-of", target);

        // 34 rows of positions, of which the first two are never used.
        assertThat(bundle.manifest().positionLimit()).isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlm", "flaubert"})
    void typesThatAreLookedUpAmongTheWordsAreRefused(String family) throws Exception {
        Exports.changeJson(source.resolve("bert").resolve(Bundle.CONFIG), json -> json.put("model_type", family));

        assertThatThrownBy(() -> HuggingFaceExport.write(source.resolve("bert"), family, target))
                .hasMessageEndingWith(
                        "it is of the family " + family + ", whose token_type_ids are looked up among the words: zeros"
                                + " would add the embedding of word 0 to every token; export"
                                + " the model without the input token_type_ids");
    }

    @ParameterizedTest
    @CsvSource({
        "QuantizeLinear, int8",
        "DequantizeLinear, int8",
        "DynamicQuantizeLinear, int8",
        "MatMulNBits, int4",
        "Relu, fp32"
    })
    void precisionIsToldFromTheOperators(String operator, String precision) {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder();
        new GraphWriter(model.getGraphBuilder()).node(operator, "y", List.of("x"));

        assertThat(Precision.of(model.build())).isEqualTo(precision);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void blocksOfWeightsHaveThePrecisionOfTheirBits(int bits) {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder();
        new GraphWriter(model.getGraphBuilder())
                .node("MatMulNBits", "y", List.of("x"), GraphWriter.attribute("bits", bits));

        assertThat(Precision.of(model.build())).isEqualTo("int" + bits);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, int4, true", "BFLOAT16, int4, true", "FLOAT, int4, false", "INT8, int4, false"})
    void halvesAreSeenBesideNarrowerNumbers(OnnxMl.TensorProto.DataType type, String precision, boolean halves) {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder();
        new GraphWriter(model.getGraphBuilder()).node("MatMulNBits", "y", List.of("x"));
        model.getGraphBuilder().addInitializerBuilder().setName("w").setDataType(type.getNumber());

        assertThat(Precision.of(model.build())).isEqualTo(precision);
        assertThat(Precision.hasHalves(model.build())).isEqualTo(halves);
    }

    @Test
    void weightsOfFourBitsThatAreOnlyUnpackedAreOfFourBits() {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder();
        new GraphWriter(model.getGraphBuilder()).node("DequantizeLinear", "y", List.of("w", "scale"));
        model.getGraphBuilder()
                .addInitializerBuilder()
                .setName("w")
                .setDataType(OnnxMl.TensorProto.DataType.UINT4.getNumber());

        assertThat(Precision.of(model.build())).isEqualTo("int4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"esm", "ibert", "lilt", "luke", "markuplm", "roberta-prelayernorm", "data2vec-text"})
    void familiesThatCountPositionsFromThePaddingOnHaveTwoLess(String family) throws Exception {
        Path roberta = source.resolve("roberta");
        Exports.changeJson(roberta.resolve(Bundle.CONFIG), json -> json.put("model_type", family)
                .put("max_position_embeddings", 2050));

        // Too many to be tried, so that the files are believed.
        Exports.changeJson(roberta.resolve("tokenizer_config.json"), json -> json.put("model_max_length", 1e30));
        assertThat(HuggingFaceExport.write(roberta, "family", target).manifest().positionLimit())
                .isEqualTo(2048);
    }

    /** The model's attention mask is 1 everywhere, so that tokens see the padding. */
    private static void blind(Path export) throws Exception {
        Exports.change(export.resolve(Bundle.MODEL), model -> {
            OnnxMl.GraphProto.Builder graph = model.getGraphBuilder();
            for (OnnxMl.NodeProto.Builder node : graph.getNodeBuilderList()) {
                for (int i = 0; i < node.getInputCount(); i++) {
                    if (node.getInput(i).equals("attention_mask")) {
                        node.setInput(i, "all_ones");
                    }
                }
            }
            List<OnnxMl.NodeProto> nodes = new ArrayList<>(graph.getNodeList());
            graph.clearNode();
            GraphWriter writer = new GraphWriter(graph);
            writer.node("Mul", "no_ids", List.of("input_ids", writer.integers("nothing", 0)));
            writer.node("Add", "all_ones", List.of("no_ids", writer.integers("unity", 1)));
            graph.addAllNode(nodes);
        });
    }

    private static List<List<FilledMask>> answers(LanguageModel model, List<String> texts) {
        List<List<FilledMask>> answers = new ArrayList<>();
        new Scorer<>(model, new FillMask(5, Targets.any(), LongTexts.FAIL, false), 512)
                .score(texts.stream().map(text -> Document.of(text, text)).iterator())
                .forEachRemaining(outcome -> answers.add(outcome.value().orElseThrow()));
        return answers;
    }
}
