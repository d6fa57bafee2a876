package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.model.ScoringSignature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A plain language model whose logits are computed at the wanted positions only, for training: what the scoring graph saves, saved
 * for a loss that asks for masked tokens alone.
 */
public final class LogitsAtPositions {
    /** {@code [1, positions, vocabulary]}: the only output. */
    public static final String LOGITS = "cloze_logits";

    private LogitsAtPositions() {}

    /** Such graphs of {@code plain}, the one that computes least first. Which of them are right is for the caller to find out. */
    public static List<OnnxMl.ModelProto> candidates(OnnxMl.ModelProto plain, String logits) {
        OnnxMl.ModelProto model = TransposedWeights.rewrite(plain);
        return new RowTail(model.getGraph(), logits)
                .places().stream().map(cut -> cutAt(model, logits, cut)).toList();
    }

    private static OnnxMl.ModelProto cutAt(OnnxMl.ModelProto model, String logits, RowTail.Cut cut) {
        OnnxMl.GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.clearNode().clearOutput().clearValueInfo();
        List<OnnxMl.NodeProto> original = model.getGraph().getNodeList();
        original.stream().filter(node -> !cut.behind().contains(node)).forEach(graph::addNode);
        GraphWriter writer = new GraphWriter(graph);
        writer.input(ScoringSignature.POSITIONS, 1, "positions");
        Map<String, String> rows = new HashMap<>();
        for (String tensor : cut.tensors()) {
            rows.put(tensor, "cloze_rows_of_" + tensor);
            ScoringGraph.gather(writer, tensor, rows.get(tensor));
        }
        original.stream()
                .filter(cut.behind()::contains)
                .map(node -> ScoringGraph.renameInputs(node, rows))
                .forEach(graph::addNode);
        writer.node("Identity", LOGITS, List.of(rows.getOrDefault(logits, logits)));
        writer.output(LOGITS, OnnxMl.TensorProto.DataType.FLOAT, 1, "positions", "vocabulary");
        return model.toBuilder().setGraph(Reachable.only(graph)).build();
    }
}
