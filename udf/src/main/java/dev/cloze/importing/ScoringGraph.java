package dev.cloze.importing;

import static dev.cloze.importing.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.model.ScoringSignature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rewrites a plain masked language model into a scoring graph: hidden states are gathered at the wanted positions as early
 * as the data flow allows, only those rows go through the rest of the network, and the graph ends in log-probabilities of
 * the most probable tokens and of given candidates.
 *
 * <p>Everything after the gather must compute each token from that token alone. {@link RowWise} knows which operators do;
 * where exactly the original places its head, and what it calls its tensors, does not matter.
 */
final class ScoringGraph {
    private static final String PREFIX = "cloze_";

    private final OnnxMl.ModelProto plain;
    private final String logits;

    ScoringGraph(OnnxMl.ModelProto plain, String logits) {
        this.plain = plain;
        this.logits = logits;
    }

    /**
     * Scoring graphs of the same model, the one that computes least first. The last one gathers the logits themselves. Which
     * of them are right is for the caller to find out by running them.
     */
    List<OnnxMl.ModelProto> candidates() {
        return cuts().stream().map(this::cutAt).toList();
    }

    /** Places to gather at, most work saved first. */
    private List<RowTail.Cut> cuts() {
        List<RowTail.Cut> all = new RowTail(plain.getGraph(), logits).cuts();
        RowTail.Cut atLogits = all.get(0);
        RowTail.Cut atOneTensor =
                all.stream().filter(cut -> cut.tensors().size() == 1).reduce(atLogits, (nearer, farther) -> farther);
        return Stream.of(all.get(all.size() - 1), atOneTensor, atLogits)
                .distinct()
                .toList();
    }

    private OnnxMl.ModelProto cutAt(RowTail.Cut cut) {
        OnnxMl.GraphProto.Builder graph = plain.getGraph().toBuilder();
        graph.clearNode().clearOutput().clearValueInfo();
        Map<String, String> gathered = new LinkedHashMap<>();
        cut.tensors().forEach(tensor -> gathered.put(tensor, PREFIX + "rows_of_" + tensor));
        List<OnnxMl.NodeProto> original = plain.getGraph().getNodeList();
        original.stream().filter(node -> !cut.behind().contains(node)).forEach(graph::addNode);
        GraphWriter writer = new GraphWriter(graph);
        writer.input(ScoringSignature.POSITIONS, 1, "positions");
        gathered.forEach((tensor, rows) -> gather(writer, tensor, rows));
        original.stream()
                .filter(cut.behind()::contains)
                .map(node -> renameInputs(node, gathered))
                .forEach(graph::addNode);
        end(writer, gathered.getOrDefault(logits, logits));
        OnnxMl.ModelProto.Builder scoring =
                TransposedWeights.rewrite(plain.toBuilder().setGraph(graph).build());
        return scoring.setGraph(Reachable.only(scoring.getGraphBuilder())).build();
    }

    /** From {@code [batch, sequence, width]} to the rows at the wanted positions, {@code [1, positions, width]}. */
    static void gather(GraphWriter graph, String tensor, String rows) {
        String flat = graph.node("Flatten", PREFIX + "flat_" + tensor, List.of(tensor), attribute("axis", 2));
        graph.node("Gather", rows, List.of(flat, ScoringSignature.POSITIONS), attribute("axis", 0));
    }

    private static OnnxMl.NodeProto renameInputs(OnnxMl.NodeProto node, Map<String, String> names) {
        OnnxMl.NodeProto.Builder renamed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> renamed.addInput(names.getOrDefault(input, input)));
        return renamed.build();
    }

    /** From logits {@code [1, positions, vocabulary]} to what {@link ScoringSignature} promises. */
    private static void end(GraphWriter graph, String rows) {
        long floats = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
        String wide = graph.node("Cast", PREFIX + "logits", List.of(rows), attribute("to", floats));
        String all = graph.node("LogSoftmax", PREFIX + "log_probabilities", List.of(wide), attribute("axis", -1));
        graph.node(
                "TopK",
                List.of(ScoringSignature.TOP_LOG_PROBABILITIES, ScoringSignature.TOP_IDS),
                List.of(all, graph.input(ScoringSignature.TOP_K, 1)),
                attribute("axis", -1));
        graph.node(
                "GatherElements",
                ScoringSignature.CANDIDATE_LOG_PROBABILITIES,
                List.of(all, graph.input(ScoringSignature.CANDIDATES, 1, "positions", "candidates")),
                attribute("axis", -1));
        graph.output(
                ScoringSignature.TOP_LOG_PROBABILITIES, OnnxMl.TensorProto.DataType.FLOAT, 1, "positions", "top_k");
        graph.output(ScoringSignature.TOP_IDS, OnnxMl.TensorProto.DataType.INT64, 1, "positions", "top_k");
        graph.output(
                ScoringSignature.CANDIDATE_LOG_PROBABILITIES,
                OnnxMl.TensorProto.DataType.FLOAT,
                1,
                "positions",
                "candidates");
    }
}
