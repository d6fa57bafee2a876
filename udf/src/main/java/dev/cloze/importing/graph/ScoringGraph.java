package dev.cloze.importing.graph;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.model.ScoringSignature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewrites a plain masked language model into a scoring graph: hidden states are gathered at the wanted positions as early
 * as the data flow allows, only those rows go through the rest of the network, some at a time ({@link PartwiseHead}), and the
 * graph ends in log-probabilities of the most probable tokens and of given candidates.
 *
 * <p>Everything after the gather must compute each token from that token alone. {@link RowWise} knows which operators do;
 * where exactly the original places its head, and what it calls its tensors, does not matter.
 */
public final class ScoringGraph {
    private static final String PREFIX = "cloze_";
    private static final String POSITIONS = "positions";
    private static final OnnxMl.TensorProto.DataType FLOAT = OnnxMl.TensorProto.DataType.FLOAT;

    private final OnnxMl.ModelProto plain;
    private final String logits;

    public ScoringGraph(OnnxMl.ModelProto plain, String logits) {
        this.plain = TransposedWeights.rewrite(plain);
        this.logits = logits;
    }

    /**
     * Scoring graphs of the same model, the one that computes least first. The last one gathers the logits themselves. Which
     * of them are right is for the caller to find out by running them.
     */
    public List<OnnxMl.ModelProto> candidates() {
        return new RowTail(plain.getGraph(), logits)
                .places().stream().map(this::cutAt).toList();
    }

    private OnnxMl.ModelProto cutAt(RowTail.Cut cut) {
        OnnxMl.GraphProto.Builder graph = plain.getGraph().toBuilder();
        graph.clearNode().clearOutput().clearValueInfo();
        List<OnnxMl.NodeProto> original = plain.getGraph().getNodeList();
        original.stream().filter(node -> !cut.behind().contains(node)).forEach(graph::addNode);
        GraphWriter writer = new GraphWriter(graph);
        writer.input(ScoringSignature.POSITIONS, 1, POSITIONS);
        writer.input(ScoringSignature.TOP_K, 1);
        writer.input(ScoringSignature.CANDIDATES, 1, POSITIONS, "candidates");
        PartwiseHead head = new PartwiseHead(writer);
        Map<String, String> parts = new LinkedHashMap<>();
        for (String tensor : cut.tensors()) {
            String rows = PREFIX + "rows_of_" + tensor;
            gather(writer, tensor, rows);
            parts.put(tensor, head.part(rows));
        }
        original.stream()
                .filter(cut.behind()::contains)
                .map(node -> renameInputs(node, parts))
                .forEach(head::add);
        head.end(parts.getOrDefault(logits, logits));
        writer.output(ScoringSignature.TOP_LOG_PROBABILITIES, FLOAT, 1, POSITIONS, "top_k");
        writer.output(ScoringSignature.TOP_IDS, OnnxMl.TensorProto.DataType.INT64, 1, POSITIONS, "top_k");
        writer.output(ScoringSignature.CANDIDATE_LOG_PROBABILITIES, FLOAT, 1, POSITIONS, "candidates");
        return plain.toBuilder().setGraph(Reachable.only(graph)).build();
    }

    /** From {@code [batch, sequence, width]} to the rows at the wanted positions, {@code [1, positions, width]}. */
    static void gather(GraphWriter graph, String tensor, String rows) {
        String flat = graph.node("Flatten", PREFIX + "flat_" + tensor, List.of(tensor), attribute("axis", 2));
        graph.node("Gather", rows, List.of(flat, ScoringSignature.POSITIONS), attribute("axis", 0));
    }

    static OnnxMl.NodeProto renameInputs(OnnxMl.NodeProto node, Map<String, String> names) {
        OnnxMl.NodeProto.Builder renamed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> renamed.addInput(names.getOrDefault(input, input)));
        return renamed.build();
    }
}
