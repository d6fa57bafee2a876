package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes the second half of a gradient graph behind its first: for every value of the forward pass that depends on a parameter, the
 * gradient of the loss by it.
 */
final class BackwardPass {
    private static final String PREFIX = "cloze_b/";
    private static final String MICROSOFT = "com.microsoft";

    private final GraphWriter graph;
    private final Set<String> active;
    private final ValueShapes shapes;
    private final OnnxMl.TensorProto.DataType real;
    private final Map<String, List<String>> gradients = new HashMap<>();
    private final Map<String, List<RowGradient>> rows = new HashMap<>();
    private final Map<String, String> shared = new HashMap<>();
    private final Set<String> testedForNaN = new HashSet<>();
    private int nodes;

    /**
     * Rows that are added to a parameter's gradient outside of the graph, in a fixed order.
     *
     * @param indices which rows, whole numbers of any shape
     * @param values {@code [shape of the indices, shape of a row]}
     */
    record RowGradient(String indices, String values) {}

    /**
     * Begins behind a forward pass.
     *
     * @param graph in which the forward pass stands
     * @param active values that depend on a parameter
     * @param shapes of values, and values of constants
     * @param real type of all gradients
     */
    BackwardPass(GraphWriter graph, Set<String> active, ValueShapes shapes, OnnxMl.TensorProto.DataType real) {
        this.graph = graph;
        this.active = active;
        this.shapes = shapes;
        this.real = real;
    }

    /** Writes the gradients of everything before {@code loss}, which is a scalar. */
    void run(List<OnnxMl.NodeProto> forward, String loss) {
        forward.stream()
                .filter(node -> node.getOpType().equals("IsNaN"))
                .forEach(node -> testedForNaN.add(node.getInput(0)));
        add(loss, number(1));
        for (int i = forward.size() - 1; i >= 0; i--) {
            OnnxMl.NodeProto node = forward.get(i);
            boolean reached = node.getOutputList().stream().anyMatch(gradients::containsKey);
            if (reached && node.getInputList().stream().anyMatch(this::needs)) {
                String first = gradient(node.getOutput(0)).orElse("");
                GradientRules.of(node).apply(node, first, this);
            }
        }
    }

    // Gradients

    /** Whether the gradient by {@code value} is wanted. */
    boolean needs(String value) {
        return active.contains(value);
    }

    /** Adds to the gradient by {@code value}, which has the same shape. */
    void add(String value, String gradient) {
        if (needs(value)) {
            gradients.computeIfAbsent(value, name -> new ArrayList<>()).add(gradient);
        }
    }

    /** The same where the gradient is costly, and not computed when nobody wants it. */
    void add(String value, Supplier<String> gradient) {
        if (needs(value)) {
            add(value, gradient.get());
        }
    }

    /** Adds rows to the gradient by a parameter. */
    void addRows(String parameter, RowGradient gradient) {
        rows.computeIfAbsent(parameter, name -> new ArrayList<>()).add(gradient);
    }

    List<RowGradient> rowsOf(String parameter) {
        return rows.getOrDefault(parameter, List.of());
    }

    boolean isParameter(String value) {
        return shapes.isParameter(value);
    }

    /** The gradient by {@code value}, all of whose uses have been passed; empty when the loss does not depend on it. */
    Optional<String> gradient(String value) {
        List<String> parts = gradients.getOrDefault(value, List.of());
        if (parts.size() > 1) {
            String sum = parts.get(0);
            for (String part : parts.subList(1, parts.size())) {
                sum = op("Add", sum, part);
            }
            gradients.put(value, new ArrayList<>(List.of(sum)));
        }
        return gradients.getOrDefault(value, List.of()).stream().findFirst();
    }

    /** {@code gradient}, which has the shape of {@code output}, added up where {@code input} was broadcast to it. */
    String unbroadcast(String gradient, String output, String input) {
        long[] from = shapes.of(input);
        long[] to = shapes.of(output);
        int lead = to.length - from.length;
        long[] ones = IntStream.range(0, from.length)
                .filter(i -> from[i] == 1 && to[i + lead] != 1)
                .mapToLong(i -> i + lead)
                .toArray();
        String kept = ones.length == 0 ? gradient : sum(gradient, 1, ones);
        return lead == 0
                ? kept
                : sum(kept, 0, IntStream.range(0, lead).asLongStream().toArray());
    }

    // What is known

    int rank(String value) {
        return shapes.of(value).length;
    }

    long[] constant(OnnxMl.NodeProto node, int input) {
        return shapes.constant(node.getInput(input))
                .orElseThrow(() -> GradientRefusal.unsupported(
                        node, "with a " + node.getOpType() + " whose input " + input + " is computed"));
    }

    OnnxMl.TensorProto.DataType real() {
        return real;
    }

    // Nodes

    String op(String operator, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        return graph.node(operator, fresh(operator), inputs, attributes);
    }

    String op(String operator, String... inputs) {
        return op(operator, List.of(inputs));
    }

    /** The outputs of a node with {@code count} of them. */
    List<String> ops(String operator, int count, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        List<String> outputs =
                IntStream.range(0, count).mapToObj(i -> fresh(operator)).toList();
        graph.node(operator, outputs, inputs, attributes);
        return outputs;
    }

    private String fresh(String operator) {
        nodes++;
        return PREFIX + operator + "/" + nodes;
    }

    private String once(String key, Supplier<String> made) {
        String known = shared.get(key);
        if (known == null) {
            known = made.get();
            shared.put(key, known);
        }
        return known;
    }

    String number(double value) {
        return once("number " + value, () -> {
            String name = fresh("number");
            OnnxMl.TensorProto.Builder tensor =
                    OnnxMl.TensorProto.newBuilder().setName(name).setDataType(real.getNumber());
            graph.graph()
                    .addInitializer(
                            real == OnnxMl.TensorProto.DataType.DOUBLE
                                    ? tensor.addDoubleData(value)
                                    : tensor.addFloatData((float) value));
            return name;
        });
    }

    /** Of each index a row of {@code length} zeros, with a one in its place. */
    String oneHot(String indices, String length) {
        String values = once("zero and one", () -> {
            String name = fresh("numbers");
            return graph.floats(name, new long[] {2}, 0, 1);
        });
        String rows = op("OneHot", List.of(indices, length, values), attribute("axis", -1));
        return real == OnnxMl.TensorProto.DataType.FLOAT
                ? rows
                : op("Cast", List.of(rows), attribute("to", real.getNumber()));
    }

    /** The value; where the model replaces what is not a number in it, 0 in these places. */
    String withoutNaN(String value) {
        return testedForNaN.contains(value) ? op("Where", op("IsNaN", value), number(0), value) : value;
    }

    String whole(long value) {
        return once("whole " + value, () -> graph.integer(fresh("whole"), value));
    }

    String wholes(long... values) {
        return once("wholes " + Arrays.toString(values), () -> graph.integers(fresh("wholes"), values));
    }

    String shape(String value) {
        return once("shape of " + value, () -> op("Shape", value));
    }

    /** {@code [1]}: how long {@code value} is along {@code axis}. */
    String length(String value, int axis) {
        return once("length " + axis + " of " + value, () -> op("Slice", shape(value), wholes(axis), wholes(axis + 1)));
    }

    String multiply(String left, String right) {
        return op("Mul", left, right);
    }

    /** {@code gradient} in the shape of {@code value}. */
    String reshapedAs(String gradient, String value) {
        return op("Reshape", gradient, shape(value));
    }

    /** {@code value} with its last axis kept and all others made one. */
    String flat(String value) {
        int columns = rank(value) - 1;
        return rank(value) == 2
                ? value
                : once("flat " + value, () -> op("Flatten", List.of(value), attribute("axis", columns)));
    }

    /** The same of a gradient of the rank {@code rank}. */
    String flat(String gradient, int rank) {
        return rank == 2 ? gradient : op("Flatten", List.of(gradient), attribute("axis", rank - 1));
    }

    /** Added up along {@code axes}; {@code keep} is 1 when these stay, with the length 1. */
    String sum(String value, long keep, long... axes) {
        return op("ReduceSum", List.of(value, wholes(axes)), attribute("keepdims", keep));
    }

    String transpose(String value, List<Long> order) {
        return op("Transpose", List.of(value), attribute("perm", order));
    }

    /** Zeros of a shape that is computed. */
    String zeros(String shape) {
        OnnxMl.TensorProto.Builder zero =
                OnnxMl.TensorProto.newBuilder().setDataType(real.getNumber()).addDims(1);
        return op(
                "ConstantOfShape",
                List.of(shape),
                attribute(
                        "value",
                        real == OnnxMl.TensorProto.DataType.DOUBLE ? zero.addDoubleData(0) : zero.addFloatData(0)));
    }

    /** The product of matrices of the rank {@code rank}, the left one transposed. */
    String productOfTransposed(String left, String right, int rank) {
        return real == OnnxMl.TensorProto.DataType.FLOAT
                ? fused(left, right, attribute("transA", 1))
                : op("MatMul", transpose(left, lastTwoSwapped(rank)), right);
    }

    /** The product of matrices of the rank {@code rank}, the right one transposed. */
    String productWithTransposed(String left, String right, int rank) {
        return real == OnnxMl.TensorProto.DataType.FLOAT
                ? fused(left, right, attribute("transB", 1))
                : op("MatMul", left, transpose(right, lastTwoSwapped(rank)));
    }

    private String fused(String left, String right, OnnxMl.AttributeProto transposed) {
        String output = fresh("FusedMatMul");
        graph.graph()
                .addNode(OnnxMl.NodeProto.newBuilder()
                        .setName(output)
                        .setOpType("FusedMatMul")
                        .setDomain(MICROSOFT)
                        .addInput(left)
                        .addInput(right)
                        .addOutput(output)
                        .addAttribute(transposed));
        return output;
    }

    private static List<Long> lastTwoSwapped(int rank) {
        List<Long> order =
                new ArrayList<>(IntStream.range(0, rank).mapToObj(Long::valueOf).toList());
        order.set(rank - 1, rank - 2L);
        order.set(rank - 2, rank - 1L);
        return order;
    }
}
