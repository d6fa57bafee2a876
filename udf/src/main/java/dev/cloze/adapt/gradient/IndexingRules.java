package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that choose elements. */
final class IndexingRules {
    private IndexingRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Gather", IndexingRules::gather,
                "GatherElements", IndexingRules::gatherElements,
                "Slice", IndexingRules::slice);
    }

    /** Rows of a parameter are added up outside of the graph: a table of all words would be zeros nearly everywhere. */
    private static void gather(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String table = node.getInput(0);
        String indices = node.getInput(1);
        int axis = NodeAttributes.axis(node, 0, b.rank(table));
        if (b.needs(table) && b.isParameter(table) && axis == 0) {
            b.addRows(table, new BackwardPass.RowGradient(indices, g));
        } else {
            b.add(table, () -> scattered(g, table, indices, axis, b));
        }
    }

    /** A product with the indices as rows of zeros and a one, which adds up in the same order in every run. */
    private static String scattered(String g, String table, String indices, int axis, BackwardPass b) {
        int rank = b.rank(table);
        String many = b.op("Reshape", g, gatheredShape(table, axis, b));
        String first = b.transpose(many, toFront(axis, rank));
        String rows = b.op("Flatten", List.of(first), attribute("axis", 1));
        String chosen = b.oneHot(integers(b.op("Reshape", indices, b.wholes(-1)), b), b.length(table, axis));
        String sum = b.op("Gemm", List.of(chosen, rows), attribute("transA", 1));
        String shape = b.op("Gather", b.shape(table), b.wholes(longs(toFront(axis, rank))));
        return b.transpose(b.op("Reshape", sum, shape), inverse(toFront(axis, rank)));
    }

    /** The shape of the table with as many rows as were gathered: -1 in its place. */
    private static String gatheredShape(String table, int axis, BackwardPass b) {
        List<String> lengths = new ArrayList<>();
        for (int i = 0; i < b.rank(table); i++) {
            lengths.add(i == axis ? b.wholes(-1) : b.length(table, i));
        }
        return b.op("Concat", lengths, attribute("axis", 0));
    }

    private static List<Long> toFront(int axis, int rank) {
        return LongStream.concat(LongStream.of(axis), LongStream.range(0, rank).filter(i -> i != axis))
                .boxed()
                .toList();
    }

    private static List<Long> inverse(List<Long> order) {
        return IntStream.range(0, order.size())
                .mapToObj(i -> (long) order.indexOf((long) i))
                .toList();
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static void gatherElements(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        b.add(
                x,
                () -> b.op(
                        "ScatterElements",
                        List.of(b.zeros(b.shape(x)), node.getInput(1), g),
                        attribute("axis", NodeAttributes.axis(node, 0, b.rank(x))),
                        text("reduction", "add")));
    }

    private static OnnxMl.AttributeProto text(String name, String value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.STRING)
                .setS(com.google.protobuf.ByteString.copyFromUtf8(value))
                .build();
    }

    /** The gradient between zeros, as many as the slice left out on either side. */
    private static void slice(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        int rank = b.rank(x);
        if (node.getInputCount() > 4 && LongStream.of(b.constant(node, 4)).anyMatch(step -> step != 1)) {
            throw GradientRefusal.unsupported(node, "with a Slice that leaves out elements between");
        }
        long[] axes = node.getInputCount() > 3 && !node.getInput(3).isEmpty()
                ? b.constant(node, 3)
                : LongStream.range(0, b.constant(node, 1).length).toArray();
        b.add(x, () -> {
            Map<Integer, String> before = new HashMap<>();
            for (int i = 0; i < axes.length; i++) {
                before.put(
                        NodeAttributes.positive(axes[i], rank),
                        start(node, i, NodeAttributes.positive(axes[i], rank), b));
            }
            return b.op("Pad", g, pads(x, node.getOutput(0), before, b), b.number(0));
        });
    }

    /** The first index that the slice takes of {@code axis}, in the form [1]. */
    private static String start(OnnxMl.NodeProto node, int entry, int axis, BackwardPass b) {
        String end = b.op("Squeeze", b.length(node.getInput(0), axis), b.wholes(0));
        String all = b.op("Range", b.whole(0), end, b.whole(1));
        String from = b.op("Slice", node.getInput(1), b.wholes(entry), b.wholes(entry + 1));
        String to = b.op("Slice", node.getInput(2), b.wholes(entry), b.wholes(entry + 1));
        return b.op("Slice", b.op("Slice", all, integers(from, b), integers(to, b)), b.wholes(0), b.wholes(1));
    }

    private static String integers(String value, BackwardPass b) {
        return b.op("Cast", List.of(value), attribute("to", OnnxMl.TensorProto.DataType.INT64.getNumber()));
    }

    private static String pads(String x, String y, Map<Integer, String> before, BackwardPass b) {
        List<String> pads = new ArrayList<>();
        for (int axis = 0; axis < b.rank(x); axis++) {
            pads.add(before.getOrDefault(axis, b.wholes(0)));
        }
        for (int axis = 0; axis < b.rank(x); axis++) {
            String left = b.op("Sub", b.length(x, axis), b.length(y, axis));
            pads.add(before.containsKey(axis) ? b.op("Sub", left, before.get(axis)) : b.wholes(0));
        }
        return b.op("Concat", pads, attribute("axis", 0));
    }
}
