package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that relate the elements of an axis to each other. */
final class NormalizationRules {
    private NormalizationRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Softmax", NormalizationRules::softmax,
                "LogSoftmax", NormalizationRules::logSoftmax,
                "ReduceMean", NormalizationRules::mean,
                "ReduceSum", NormalizationRules::sum,
                "LayerNormalization", NormalizationRules::layerNormalization);
    }

    /** Of y = softmax(x): y · (g - Σ g·y). */
    private static void softmax(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String y = node.getOutput(0);
        b.add(node.getInput(0), () -> {
            String kept = b.withoutNaN(y);
            String shared = b.sum(b.multiply(g, kept), 1, NodeAttributes.axis(node, -1, b.rank(y)));
            return b.multiply(kept, b.op("Sub", g, shared));
        });
    }

    /** Of y = log softmax(x): g - exp(y) · Σ g. */
    private static void logSoftmax(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String y = node.getOutput(0);
        b.add(node.getInput(0), () -> {
            String sum = b.sum(g, 1, NodeAttributes.axis(node, -1, b.rank(y)));
            return b.op("Sub", g, b.multiply(b.op("Exp", y), sum));
        });
    }

    private static void mean(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        b.add(x, () -> {
            String wide = wide(node, g, b);
            return b.op("Expand", b.op("Div", wide, count(x, axes(node, b), b)), b.shape(x));
        });
    }

    private static void sum(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> b.op("Expand", wide(node, g, b), b.shape(node.getInput(0))));
    }

    /** The gradient with the axes that were reduced, of length 1. */
    private static String wide(OnnxMl.NodeProto node, String g, BackwardPass b) {
        boolean kept = NodeAttributes.integer(node, "keepdims", 1) == 1;
        return kept ? g : b.op("Unsqueeze", g, b.wholes(axes(node, b)));
    }

    private static long[] axes(OnnxMl.NodeProto node, BackwardPass b) {
        int rank = b.rank(node.getInput(0));
        LongStream axes = NodeAttributes.integers(node, "axes")
                .map(found -> found.stream().mapToLong(Long::longValue))
                .orElseGet(() ->
                        node.getInputCount() > 1 ? LongStream.of(b.constant(node, 1)) : LongStream.range(0, rank));
        return axes.map(axis -> NodeAttributes.positive(axis, rank)).sorted().toArray();
    }

    /** How many elements of {@code x} become one, as a real number of the shape [1]. */
    private static String count(String x, long[] axes, BackwardPass b) {
        String count = b.length(x, (int) axes[0]);
        for (int i = 1; i < axes.length; i++) {
            count = b.multiply(count, b.length(x, (int) axes[i]));
        }
        return b.op("Cast", List.of(count), attribute("to", b.real().getNumber()));
    }

    /** Of n · scale + shift, where n = (x - mean) · inverse deviation, along the last axis. */
    private static void layerNormalization(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        String scale = node.getInput(1);
        int rank = b.rank(x);
        if (NodeAttributes.axis(node, -1, rank) != rank - 1) {
            throw GradientRefusal.unsupported(node, "with a LayerNormalization over several axes");
        }
        String deviation = node.getOutput(2);
        String normal = b.multiply(b.op("Sub", x, node.getOutput(1)), deviation);
        long[] rows = IntStream.range(0, rank - 1).asLongStream().toArray();
        b.add(scale, () -> b.sum(b.multiply(g, normal), 0, rows));
        if (node.getInputCount() > 2) {
            b.add(node.getInput(2), () -> b.sum(g, 0, rows));
        }
        b.add(x, () -> throughNormal(b.multiply(g, scale), normal, deviation, rank, b));
    }

    /** (h - mean of h - n · mean of h·n) · inverse deviation. */
    private static String throughNormal(String h, String normal, String deviation, int rank, BackwardPass b) {
        String count = b.op(
                "Cast",
                List.of(b.length(normal, rank - 1)),
                attribute("to", b.real().getNumber()));
        String level = b.op("Div", b.sum(h, 1, rank - 1), count);
        String slant = b.op("Div", b.sum(b.multiply(h, normal), 1, rank - 1), count);
        String centred = b.op("Sub", b.op("Sub", h, level), b.multiply(normal, slant));
        return b.multiply(centred, deviation);
    }
}
