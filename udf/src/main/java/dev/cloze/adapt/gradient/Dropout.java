package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.model.ScoringSignature;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds dropout to a graph that was exported without: behind the weights of attention, on every branch that is added to what it was computed from, and behind
 * the normalisation of the embeddings, where BERT was trained with it. The places are found by data flow. What is dropped depends on the number that is fed, the place and the element, and on nothing else.
 */
final class Dropout {
    /** {@code [2]}: a number below {@link #MODULUS}, which another draw changes, and how many of {@link #MODULUS} values stay. */
    static final String INPUT = "cloze_dropout";
    /** A prime below 2^31, so that the square of a smaller number is one of 64 bits. */
    static final long MODULUS = Integer.MAX_VALUE;

    private static final long OF_SEEDS = 69_621;
    private static final long OF_PLACES = 1_000_003;
    private static final long OF_ELEMENTS = 48_271;
    private static final String PREFIX = "cloze_d/";
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "FusedMatMul");
    private static final Set<String> PICKS = Set.of("Gather", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity");
    private static final OnnxMl.TensorProto.DataType REAL = OnnxMl.TensorProto.DataType.FLOAT;

    private final Set<String> active;
    private final Map<String, OnnxMl.NodeProto> producers = new HashMap<>();
    private final Set<String> behindProducts = new HashSet<>();
    private final Set<String> behindTokens = new HashSet<>();

    private Dropout(OnnxMl.GraphProto graph, Set<String> active) {
        this.active = active;
        behindTokens.add(ScoringSignature.INPUT_IDS);
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            if (PRODUCTS.contains(node.getOpType())
                    || node.getInputList().stream().anyMatch(behindProducts::contains)) {
                behindProducts.addAll(node.getOutputList());
            }
            if (node.getInputList().stream().anyMatch(behindTokens::contains)) {
                behindTokens.addAll(node.getOutputList());
            }
        }
    }

    /** The same graph with dropout. */
    static OnnxMl.GraphProto into(OnnxMl.GraphProto graph, Set<String> active) {
        Set<String> places = new Dropout(graph, active).places(graph);
        OnnxMl.GraphProto.Builder dropping = graph.toBuilder().clearNode();
        GraphWriter writer = new GraphWriter(dropping);
        writer.input(INPUT, OnnxMl.TensorProto.DataType.INT64, 2L);
        Mask mask = new Mask(writer);
        Map<String, String> dropped = new HashMap<>();
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            dropping.addNode(reading(node, dropped));
            for (String output : node.getOutputList()) {
                if (places.contains(output)) {
                    dropped.put(output, mask.of(output, dropped.size() + 1));
                }
            }
        }
        return dropping.build();
    }

    /** Who asks whether a value is a number asks for the value itself. */
    private static OnnxMl.NodeProto reading(OnnxMl.NodeProto node, Map<String, String> dropped) {
        if (node.getOpType().equals("IsNaN")) {
            return node;
        }
        OnnxMl.NodeProto.Builder reading = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> reading.addInput(dropped.getOrDefault(input, input)));
        return reading.build();
    }

    /** Values behind which something is dropped. */
    private Set<String> places(OnnxMl.GraphProto graph) {
        Set<String> places = new HashSet<>();
        boolean isNormalized = false;
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            String output = node.getOutputCount() > 0 ? node.getOutput(0) : "";
            if (!active.contains(output)) {
                continue;
            }
            switch (node.getOpType()) {
                case "Softmax" -> places.add(output);
                case "Add" -> {
                    branch(node.getInput(0), node.getInput(1), places);
                    branch(node.getInput(1), node.getInput(0), places);
                }
                case "LayerNormalization" -> {
                    if (!isNormalized && !behindProducts.contains(output)) {
                        places.add(output);
                        isNormalized = true;
                    }
                }
                default -> {
                    // Nothing is dropped behind other operators.
                }
            }
        }
        return places;
    }

    /** Adds {@code branch} when it was computed from {@code trunk} by a product: the polynomial in the tanh form of GELU is not. */
    private void branch(String trunk, String branch, Set<String> places) {
        String source = source(trunk);
        if (active.contains(source) && behindTokens.contains(source) && leads(source, branch, false, new HashSet<>())) {
            places.add(branch);
        }
    }

    /** What {@code value} has its elements from: in the last layer both may be rows that were picked. */
    private String source(String value) {
        OnnxMl.NodeProto node = producers.get(value);
        return node != null && PICKS.contains(node.getOpType()) && producers.containsKey(node.getInput(0))
                ? source(node.getInput(0))
                : value;
    }

    private boolean leads(String from, String to, boolean isBehind, Set<String> seen) {
        OnnxMl.NodeProto node = producers.get(to);
        if (to.equals(from)) {
            return isBehind;
        }
        if (node == null || !active.contains(to) || !seen.add(isBehind + to)) {
            return false;
        }
        boolean product = isBehind || PRODUCTS.contains(node.getOpType());
        return node.getInputList().stream().anyMatch(input -> leads(from, input, product, seen));
    }

    /** Writes masks: a hash of the element's number, by squares modulo a prime. */
    private static final class Mask {
        private final GraphWriter graph;
        private final String modulus;
        private final String one;
        private final String seed;
        private final String kept;
        private final String scale;

        Mask(GraphWriter graph) {
            this.graph = graph;
            this.modulus = graph.integers(PREFIX + "modulus", MODULUS);
            this.one = graph.integer(PREFIX + "one", 1);
            String zero = graph.integers(PREFIX + "from", 0);
            String first = graph.integers(PREFIX + "first", 1);
            String end = graph.integers(PREFIX + "end", 2);
            this.seed = op("Slice", "seed", INPUT, zero, first);
            this.kept = op("Slice", "kept", INPUT, first, end);
            this.scale = op("Div", "scale", real("modulus", modulus), real("kept", kept));
        }

        /** {@code value}, of which some elements are 0 and the others larger. */
        String of(String value, int place) {
            String name = place + "/";
            String shape = op("Shape", name + "shape", value);
            String count = graph.node("ReduceProd", PREFIX + name + "count", List.of(shape), attribute("keepdims", 0));
            String elements = op("Range", name + "elements", graph.integer(PREFIX + name + "zero", 0), count, one);
            String start = sum(name + "start", times(name + "seeds", seed, OF_SEEDS), number(name, place * OF_PLACES));
            String a = sum(name + "a", times(name + "first", elements, OF_ELEMENTS), start);
            String b = sum(name + "b", op("Mul", name + "a2", a, a), elements);
            String c = sum(name + "c", op("Mul", name + "b2", b, b), a);
            String stays = real(name + "stays", op("Less", name + "less", c, kept));
            String flat = op("Mul", name + "flat", stays, scale);
            return op("Mul", name + "dropped", value, op("Reshape", name + "mask", flat, shape));
        }

        private String number(String name, long value) {
            return graph.integers(PREFIX + name + "place", value % MODULUS);
        }

        private String times(String name, String value, long factor) {
            return op("Mul", name, value, graph.integers(PREFIX + name + "/factor", factor));
        }

        private String sum(String name, String left, String right) {
            return op("Mod", name, op("Add", name + "/sum", left, right), modulus);
        }

        private String real(String name, String whole) {
            return graph.node("Cast", PREFIX + name + "/real", List.of(whole), attribute("to", REAL.getNumber()));
        }

        private String op(String operator, String name, String... inputs) {
            return graph.node(operator, PREFIX + name, List.of(inputs));
        }
    }
}
