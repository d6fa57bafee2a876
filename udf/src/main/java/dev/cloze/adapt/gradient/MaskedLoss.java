package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import java.util.List;

/** The cross-entropy of the masked tokens, from logits at their positions to a scalar. */
final class MaskedLoss {
    /** {@code [positions]}: ids of the tokens that were there. */
    static final String LABELS = "cloze_labels";
    /** A scalar that the sum over positions is multiplied by. */
    static final String SCALE = "cloze_scale";
    /** A scalar: {@link #SCALE} · Σ -log p(label). */
    static final String LOSS = "cloze_loss";

    private static final String PREFIX = "cloze_l/";

    private MaskedLoss() {}

    /** Adds the loss to a graph that has {@code logits} of the shape {@code [1, positions, vocabulary]}. */
    static void write(GraphWriter graph, String logits, OnnxMl.TensorProto.DataType real) {
        graph.input(LABELS, "positions");
        graph.input(SCALE, real);
        String column = graph.integers(PREFIX + "column", 1);
        String rows = graph.node("Flatten", PREFIX + "rows", List.of(logits), attribute("axis", 2));
        String all = graph.node("LogSoftmax", PREFIX + "log_probabilities", List.of(rows), attribute("axis", -1));
        String labels = graph.node("Unsqueeze", PREFIX + "labels", List.of(LABELS, column));
        String found = graph.node("GatherElements", PREFIX + "found", List.of(all, labels), attribute("axis", 1));
        String axes = graph.integers(PREFIX + "axes", 0, 1);
        String sum = graph.node("ReduceSum", PREFIX + "sum", List.of(found, axes), attribute("keepdims", 0));
        String entropy = graph.node("Neg", PREFIX + "entropy", List.of(sum));
        graph.node("Mul", LOSS, List.of(entropy, SCALE));
        graph.output(LOSS, real);
    }
}
