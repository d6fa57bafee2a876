package dev.cloze.importing.family;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.importing.weights.Weights;
import dev.cloze.model.ScoringSignature;
import java.util.List;

/**
 * A BERT with its masked-language-model head as a plain ONNX graph: {@code input_ids}, {@code attention_mask}, {@code
 * token_type_ids} (all {@code [batch, sequence]}) to {@code logits [batch, sequence, vocabulary]}. The network is that of
 * Devlin et al. 2019 (google-research/bert {@code modeling.py}); the weights have its names and its {@code [in, out]} kernels.
 */
public final class BertGraph {
    static final float EPSILON = 1e-12f;
    public static final String LOGITS = "logits";

    static final String WORDS = "bert/embeddings/word_embeddings";
    static final String POSITIONS = "bert/embeddings/position_embeddings";
    static final String TYPES = "bert/embeddings/token_type_embeddings";
    private static final String HEAD = "cls/predictions/";

    private static final String BATCH = "batch";
    private static final String SEQUENCE = "sequence";
    /** What a masked score is lowered by: the lowest float, so that its weight is exactly 0. */
    private static final float NEVER = -Float.MAX_VALUE;

    private final Weights weights;
    private final BertConfig config;
    private final GraphWriter graph = new GraphWriter("bert");

    private BertGraph(Weights weights, BertConfig config) {
        this.weights = weights;
        this.config = config;
    }

    public static OnnxMl.ModelProto of(Weights weights, BertConfig config) {
        return new BertGraph(weights, config).write();
    }

    static String query(int layer) {
        return layer(layer) + "attention/self/query/kernel";
    }

    static String intermediate(int layer) {
        return layer(layer) + "intermediate/dense/kernel";
    }

    private static String layer(int layer) {
        return "bert/encoder/layer_" + layer + "/";
    }

    private OnnxMl.ModelProto write() {
        graph.input(ScoringSignature.INPUT_IDS, BATCH, SEQUENCE);
        graph.input(ScoringSignature.ATTENTION_MASK, BATCH, SEQUENCE);
        graph.input(ScoringSignature.TOKEN_TYPE_IDS, BATCH, SEQUENCE);
        String hidden = embeddings();
        String mask = attentionMask();
        graph.scalar("root_two", (float) Math.sqrt(2));
        graph.scalar("half", 0.5f);
        graph.scalar("head_size_root", (float) Math.sqrt((double) config.hiddenSize() / config.heads()));
        int headSize = config.hiddenSize() / config.heads();
        graph.integers("split_heads", 0, 0, config.heads(), headSize);
        graph.integers("join_heads", 0, 0, config.hiddenSize());
        for (int i = 0; i < config.layers(); i++) {
            hidden = feedForward(layer(i), attention(layer(i), hidden, mask));
        }
        head(hidden);
        graph.output(LOGITS, OnnxMl.TensorProto.DataType.FLOAT, BATCH, SEQUENCE, config.vocabularySize());
        return graph.model();
    }

    private String embeddings() {
        String words = graph.node("Gather", "words", List.of(weight(WORDS), ScoringSignature.INPUT_IDS));
        String types = graph.node("Gather", "types", List.of(weight(TYPES), ScoringSignature.TOKEN_TYPE_IDS));
        String shape = graph.node("Shape", "shape", List.of(ScoringSignature.INPUT_IDS));
        String length =
                graph.node("Slice", "length", List.of(shape, graph.integers("one", 1L), graph.integers("two", 2L)));
        String positions = graph.node(
                "Slice", "positions", List.of(weight(POSITIONS), graph.integers("zero", 0L), length, "zero"));
        String sum = add("embedding_sum", add("words_and_types", words, types), positions);
        return layerNorm("embeddings", "bert/embeddings/LayerNorm", sum);
    }

    /** {@code [batch, 1, 1, sequence]}: 0 where a token is, {@link #NEVER} where padding is. */
    private String attentionMask() {
        String wide = graph.node(
                "Unsqueeze", "mask_wide", List.of(ScoringSignature.ATTENTION_MASK, graph.integers("one_two", 1, 2)));
        String kept = graph.node(
                "Cast", "mask_kept", List.of(wide), attribute("to", OnnxMl.TensorProto.DataType.FLOAT.getNumber()));
        String hidden = graph.node("Sub", "mask_hidden", List.of(graph.scalar("one_float", 1f), kept));
        return graph.node("Mul", "mask", List.of(hidden, graph.scalar("never", NEVER)));
    }

    private String attention(String layer, String hidden, String mask) {
        String self = layer + "attention/self/";
        String query = heads(self + "query", hidden, List.of(0L, 2L, 1L, 3L));
        String key = heads(self + "key", hidden, List.of(0L, 2L, 3L, 1L));
        String value = heads(self + "value", hidden, List.of(0L, 2L, 1L, 3L));
        String product = graph.node("MatMul", self + "product", List.of(query, key));
        String scaled = graph.node("Div", self + "scaled", List.of(product, "head_size_root"));
        String masked = add(self + "masked", scaled, mask);
        String share = graph.node("Softmax", self + "share", List.of(masked), attribute("axis", -1));
        String mixed = graph.node("MatMul", self + "mixed", List.of(share, value));
        String back =
                graph.node("Transpose", self + "back", List.of(mixed), attribute("perm", List.of(0L, 2L, 1L, 3L)));
        String joined = graph.node("Reshape", self + "joined", List.of(back, "join_heads"));
        String output = dense(layer + "attention/output/dense", joined);
        return layerNorm(
                layer + "attention/output",
                layer + "attention/output/LayerNorm",
                add(layer + "attention/output/sum", output, hidden));
    }

    private String heads(String name, String hidden, List<Long> order) {
        String split = graph.node("Reshape", name + "/split", List.of(dense(name, hidden), "split_heads"));
        return graph.node("Transpose", name + "/heads", List.of(split), attribute("perm", order));
    }

    private String feedForward(String layer, String hidden) {
        String wide = gelu(layer + "intermediate", dense(layer + "intermediate/dense", hidden));
        String output = dense(layer + "output/dense", wide);
        return layerNorm(layer + "output", layer + "output/LayerNorm", add(layer + "output/sum", output, hidden));
    }

    private void head(String hidden) {
        String transformed = gelu(HEAD + "transform", dense(HEAD + "transform/dense", hidden));
        String normalised = layerNorm(HEAD + "transform", HEAD + "transform/LayerNorm", transformed);
        String decoder = graph.node("Transpose", HEAD + "decoder", List.of(WORDS), attribute("perm", List.of(1L, 0L)));
        String product = graph.node("MatMul", HEAD + "product", List.of(normalised, decoder));
        add(LOGITS, product, weight(HEAD + "output_bias"));
    }

    private String dense(String name, String input) {
        String product = graph.node("MatMul", name + "/product", List.of(input, weight(name + "/kernel")));
        return add(name + "/sum", product, weight(name + "/bias"));
    }

    /** x / 2 * (1 + erf(x / sqrt 2)), the exact form. */
    private String gelu(String name, String x) {
        String scaled = graph.node("Div", name + "/scaled", List.of(x, "root_two"));
        String erf = graph.node("Erf", name + "/erf", List.of(scaled));
        String grown = add(name + "/grown", erf, "one_float");
        String product = graph.node("Mul", name + "/twice", List.of(x, grown));
        return graph.node("Mul", name + "/gelu", List.of(product, "half"));
    }

    private String layerNorm(String name, String prefix, String input) {
        return graph.node(
                "LayerNormalization",
                name + "/normalised",
                List.of(input, weight(prefix + "/gamma"), weight(prefix + "/beta")),
                attribute("axis", -1),
                attribute("epsilon", EPSILON));
    }

    private String add(String name, String left, String right) {
        return graph.node("Add", name, List.of(left, right));
    }

    private String weight(String name) {
        return graph.constant(name, weights.tensor(name));
    }
}
