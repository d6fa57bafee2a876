package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operators that move elements without changing or choosing any. */
final class ShapeRules {
    private ShapeRules() {}

    static Map<String, GradientRule> all() {
        GradientRule reshape = (node, g, b) -> b.add(node.getInput(0), () -> b.reshapedAs(g, node.getInput(0)));
        return Map.of(
                "Reshape", reshape,
                "Unsqueeze", reshape,
                "Squeeze", reshape,
                "Flatten", reshape,
                "Transpose", ShapeRules::transpose,
                "Expand", ShapeRules::expand,
                "Tile", ShapeRules::tile,
                "Concat", ShapeRules::concat,
                "Split", ShapeRules::split);
    }

    private static void transpose(OnnxMl.NodeProto node, String g, BackwardPass b) {
        int rank = b.rank(node.getInput(0));
        List<Long> order = NodeAttributes.integers(node, "perm")
                .orElseGet(() ->
                        IntStream.range(0, rank).mapToObj(i -> rank - 1L - i).toList());
        Long[] back = new Long[rank];
        for (int i = 0; i < rank; i++) {
            back[order.get(i).intValue()] = (long) i;
        }
        b.add(node.getInput(0), () -> b.transpose(g, Arrays.asList(back)));
    }

    private static void expand(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> b.unbroadcast(g, node.getOutput(0), node.getInput(0)));
    }

    /** [repeats · length, …] as [repeats, length, …], added up along the repeats. */
    private static void tile(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        int rank = b.rank(x);
        b.add(x, () -> {
            List<String> lengths = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                lengths.add(b.op("Slice", node.getInput(1), b.wholes(axis), b.wholes(axis + 1)));
                lengths.add(b.length(x, axis));
            }
            String apart = b.op("Reshape", g, b.op("Concat", lengths, attribute("axis", 0)));
            long[] repeats =
                    IntStream.range(0, rank).mapToLong(axis -> 2L * axis).toArray();
            return b.sum(apart, 0, repeats);
        });
    }

    private static void concat(OnnxMl.NodeProto node, String g, BackwardPass b) {
        int axis = NodeAttributes.axis(node, 0, b.rank(node.getOutput(0)));
        List<String> lengths =
                node.getInputList().stream().map(input -> b.length(input, axis)).toList();
        String sizes = b.op("Concat", lengths, attribute("axis", 0));
        List<String> parts = b.ops("Split", node.getInputCount(), List.of(g, sizes), attribute("axis", axis));
        for (int i = 0; i < parts.size(); i++) {
            b.add(node.getInput(i), parts.get(i));
        }
    }

    private static void split(OnnxMl.NodeProto node, String first, BackwardPass b) {
        int axis = NodeAttributes.axis(node, 0, b.rank(node.getInput(0)));
        b.add(node.getInput(0), () -> {
            List<String> parts = node.getOutputList().stream()
                    .map(output -> b.gradient(output).orElseGet(() -> b.zeros(b.shape(output))))
                    .toList();
            return b.op("Concat", parts, attribute("axis", axis));
        });
    }
}
