package dev.cloze.importing.family;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.model.ScoringSignature;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The words in which families describe their networks. Every method adds to the graph and returns the name of what it computes. Shapes:
 * hidden states are {@code [batch, sequence, columns]}, heads {@code [batch, heads, sequence, columns of a head]}.
 */
final class Blocks {
    private static final String BATCH = "batch";
    private static final String SEQUENCE = "sequence";
    /** What a hidden score is lowered by: the lowest float, so that its share is exactly 0. */
    private static final float NEVER = -Float.MAX_VALUE;

    private static final int FLOAT = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
    private static final int INT64 = OnnxMl.TensorProto.DataType.INT64.getNumber();
    private static final List<Long> FLIPPED = List.of(0L, 2L, 1L, 3L);

    private final GraphWriter graph;
    private final NamedWeights weights;
    private final FamilyConfig config;
    private final Set<String> inputs = new HashSet<>();
    /** What is in the graph already: weights, small constants, and what is computed of the inputs alone. */
    private final Map<String, String> shared = new HashMap<>();

    private int nodes;

    Blocks(GraphWriter graph, NamedWeights weights, FamilyConfig config) {
        this.graph = graph;
        this.weights = weights;
        this.config = config;
        attention();
    }

    // Inputs

    String ids() {
        return input(ScoringSignature.INPUT_IDS);
    }

    String types() {
        return input(ScoringSignature.TOKEN_TYPE_IDS);
    }

    /** 1 where a token is, 0 where padding is. */
    private String attention() {
        return input(ScoringSignature.ATTENTION_MASK);
    }

    private String input(String name) {
        if (inputs.add(name)) {
            graph.input(name, BATCH, SEQUENCE);
        }
        return name;
    }

    void output(String logits, String name) {
        graph.node("Identity", name, List.of(logits));
        graph.output(name, OnnxMl.TensorProto.DataType.FLOAT, BATCH, SEQUENCE, "vocabulary");
    }

    // Weights

    boolean has(String name) {
        return weights.has(name);
    }

    /** Says that the tensor {@code name}, should it be there, is not needed. */
    void pass(String name) {
        weights.pass(name);
    }

    String weight(String name) {
        return once(name, () -> graph.constant(name, weights.take(name)));
    }

    /** A matrix that is stored as {@code [out, in]}, as {@code [in, out]}. */
    private String kernel(String name) {
        String turned = name + "/kernel";
        return once(turned, () -> graph.constant(turned, weights.take(name).transposed()));
    }

    /**
     * The matrix that multiplies with {@code name}, {@code [out, in]}, which may be the same as {@code words}. transformers shares one matrix unless
     * the checkpoint has two that differ, or the configuration says that there are two; and whichever of both is there, stands for both.
     */
    String tied(String name, String words) {
        boolean own =
                config.denies("tie_word_embeddings") || has(name) && (!has(words) || !weights.areEqual(name, words));
        weights.pass(name);
        return own ? name : words;
    }

    /** The one of two names of the same tensor that the checkpoint has; the first one when it has both. */
    String either(String first, String second) {
        if (!has(first)) {
            return second;
        }
        weights.pass(second);
        return first;
    }

    // Numbers

    String number(double value) {
        return once("number " + value, () -> graph.scalar(fresh("number"), (float) value));
    }

    String whole(long value) {
        return once("whole " + value, () -> graph.integer(fresh("whole"), value));
    }

    String wholes(long... values) {
        return once("wholes " + Arrays.toString(values), () -> graph.integers(fresh("wholes"), values));
    }

    /** A row of numbers. */
    String numbers(float... values) {
        return graph.floats(fresh("numbers"), new long[] {values.length}, values);
    }

    // Operators

    String op(String operator, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        return graph.node(operator, fresh(operator), inputs, attributes);
    }

    String op(String operator, String... inputs) {
        return op(operator, List.of(inputs));
    }

    /** What {@code made} adds to the graph, at the first call with this key only. */
    private String once(String key, Supplier<String> made) {
        String known = shared.get(key);
        if (known == null) {
            known = made.get();
            shared.put(key, known);
        }
        return known;
    }

    private String fresh(String operator) {
        nodes++;
        return operator + "/" + nodes;
    }

    String add(String left, String right) {
        return op("Add", left, right);
    }

    String multiply(String left, String right) {
        return op("Mul", left, right);
    }

    String floats(String numbers) {
        return op("Cast", List.of(numbers), attribute("to", FLOAT));
    }

    String integers(String numbers) {
        return op("Cast", List.of(numbers), attribute("to", INT64));
    }

    String transpose(String tensor, Long... order) {
        return op("Transpose", List.of(tensor), attribute("perm", List.of(order)));
    }

    /** Columns {@code from} to {@code to} of the last dimension. */
    String part(String tensor, long from, long to) {
        return op("Slice", tensor, wholes(from), wholes(to), wholes(-1));
    }

    // Rows

    /** x·W + b, where the checkpoint has W as {@code [out, in]}, and b or not. */
    String linear(String name, String x) {
        return biased(op("MatMul", x, kernel(name + ".weight")), name + ".bias");
    }

    /** The same of a W that is stored as {@code [in, out]}. */
    String conv1d(String name, String x) {
        return biased(op("MatMul", x, weight(name + ".weight")), name + ".bias");
    }

    private String biased(String product, String bias) {
        return has(bias) ? add(product, weight(bias)) : product;
    }

    String norm(String name, String x, double epsilon) {
        List<String> inputs = has(name + ".bias")
                ? List.of(x, weight(name + ".weight"), weight(name + ".bias"))
                : List.of(x, weight(name + ".weight"));
        return op("LayerNormalization", inputs, attribute("axis", -1), attribute("epsilon", (float) epsilon));
    }

    /** x / √(mean of x² + ε) · w. */
    String rms(String name, String x, double epsilon) {
        String mean = op("ReduceMean", List.of(multiply(x, x)), attribute("axes", List.of(-1L)));
        String root = op("Sqrt", add(mean, number(epsilon)));
        return multiply(weight(name + ".weight"), op("Div", x, root));
    }

    /** The activation of that name in transformers. */
    String activation(String name, String x) {
        return switch (name) {
            case "gelu", "gelu_python" -> gelu(x);
            case "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate" -> geluOfTanh(x);
            case "quick_gelu" -> multiply(x, op("Sigmoid", multiply(x, number(1.702))));
            case "silu", "swish" -> multiply(x, op("Sigmoid", x));
            case "relu" -> op("Relu", x);
            case "tanh" -> op("Tanh", x);
            default -> throw config.unsupported("the activation " + name);
        };
    }

    /** x / 2 · (1 + erf(x / √2)), the exact form. */
    String gelu(String x) {
        String erf = op("Erf", op("Div", x, number(Math.sqrt(2))));
        return multiply(multiply(x, add(erf, number(1))), number(0.5));
    }

    /** x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
    private String geluOfTanh(String x) {
        String cube = multiply(multiply(multiply(x, x), x), number(0.044715));
        String tanh = op("Tanh", multiply(add(x, cube), number(Math.sqrt(2 / Math.PI))));
        return multiply(multiply(x, add(tanh, number(1))), number(0.5));
    }

    /** x·Wᵀ + b for every word of the vocabulary, where W is {@code [words, columns]}; without b when the checkpoint has none. */
    String decode(String matrix, String bias, String x) {
        return biased(op("MatMul", x, transpose(weight(matrix), 1L, 0L)), bias);
    }

    // Embeddings and positions

    /** Of each id its row of the table. */
    String embed(String table, String ids) {
        return op("Gather", weight(table), ids);
    }

    /** Row 0 of the table. */
    String firstRow(String table) {
        return op("Gather", weight(table), whole(0));
    }

    /** {@code [sequence]}: 0, 1, 2… */
    String range() {
        return once("range", () -> op("Range", whole(0), length(), whole(1)));
    }

    /** Tokens of a row of the batch, a number. */
    private String length() {
        return op("Gather", op("Shape", ids()), whole(1));
    }

    /** Rows 0, 1, 2… of the table, one for each token. */
    String positions(String table) {
        return op("Gather", weight(table), range());
    }

    /** Rows {@code padding} + 1, + 2… of the table for the tokens that are no padding, and row {@code padding} for those that are. */
    String positionsAfterPadding(String table, long padding) {
        String kept = integers(op("Not", op("Equal", ids(), whole(padding))));
        String counted = multiply(op("CumSum", kept, whole(1)), kept);
        return op("Gather", weight(table), add(counted, whole(padding)));
    }

    /** {@code [sequence, sequence]}: the position of the column less that of the row. */
    String distance() {
        return once(
                "distance", () -> op("Sub", op("Unsqueeze", range(), wholes(0)), op("Unsqueeze", range(), wholes(1))));
    }

    // Attention

    /** {@code [batch, 1, 1, sequence]}: whether a token is there. */
    private String present() {
        return once("present", () -> op("Greater", op("Unsqueeze", attention(), wholes(1, 2)), whole(0)));
    }

    /** {@code [batch, sequence, 1]}: 1 where a token is, 0 where padding is. */
    String presence() {
        return once("presence", () -> floats(op("Unsqueeze", attention(), wholes(2))));
    }

    private String lowering(String allowed) {
        return op("Where", allowed, number(0), number(NEVER));
    }

    /** Tokens see all tokens. */
    String everywhere() {
        return once("everywhere", () -> lowering(present()));
    }

    /** Tokens see those at most {@code most} positions away on either side. */
    String nearby(long most) {
        return once(
                "nearby " + most,
                () -> lowering(op("And", present(), op("LessOrEqual", op("Abs", distance()), whole(most)))));
    }

    /** Tokens see themselves and those on their left. */
    String leftwards() {
        return once("leftwards", () -> lowering(op("And", present(), op("LessOrEqual", distance(), whole(0)))));
    }

    /** Tokens see themselves and those on their left, {@code window} tokens in all. */
    String leftwards(long window) {
        return once(
                "leftwards " + window,
                () -> lowering(op(
                        "And",
                        op("And", present(), op("LessOrEqual", distance(), whole(0))),
                        op("Greater", distance(), whole(-window)))));
    }

    /** Hidden states cut into heads of {@code size} columns. */
    String heads(String hidden, long heads, long size) {
        return transpose(op("Reshape", hidden, wholes(0, 0, heads, size)), 0L, 2L, 1L, 3L);
    }

    private String joined(String heads, long columns) {
        return op("Reshape", op("Transpose", List.of(heads), attribute("perm", FLIPPED)), wholes(0, 0, columns));
    }

    /** Each of the heads of keys or values {@code times} times, so that groups of queries share one. */
    String repeated(String heads, long count, long times, long size) {
        if (times == 1) {
            return heads;
        }
        String wide = op("Unsqueeze", heads, wholes(2));
        String copied = op("Expand", wide, wholes(1, 1, times, 1, 1));
        return op("Reshape", copied, wholes(0, count * times, -1, size));
    }

    /** The mean of {@code values}, weighed by softmax(q·kᵀ · {@code scale} + {@code bias}…), as hidden states of {@code columns}. */
    String attend(String q, String k, String v, double scale, long columns, String... bias) {
        String scores = op("MatMul", q, transpose(k, 0L, 1L, 3L, 2L));
        return weigh(multiply(scores, number(scale)), v, columns, bias);
    }

    /** The mean of {@code values}, weighed by softmax({@code scores} + {@code bias}…), as hidden states of {@code columns}. */
    String weigh(String scores, String values, long columns, String... bias) {
        String all = scores;
        for (String each : bias) {
            all = add(all, each);
        }
        String shares = op("Softmax", List.of(all), attribute("axis", -1));
        return joined(op("MatMul", shares, values), columns);
    }

    // Rotary positions

    /** The heads turned by the angles position · {@code frequencies}, half against half. */
    String rotated(String heads, Rope rope) {
        long half = rope.frequencies().length;
        String first = part(heads, 0, half);
        String second = part(heads, half, 2 * half);
        String turned = op("Concat", List.of(op("Neg", second), first), attribute("axis", -1));
        return add(multiply(heads, angles("Cos", rope)), multiply(turned, angles("Sin", rope)));
    }

    /** {@code [sequence, columns of a head]}. */
    private String angles(String function, Rope rope) {
        return once(function + Arrays.toString(rope.frequencies()), () -> {
            String positions = op("Unsqueeze", floats(range()), wholes(1));
            String angles = multiply(positions, numbers(rope.frequencies()));
            return op(function, op("Concat", List.of(angles, angles), attribute("axis", -1)));
        });
    }
}
