package dev.cloze.importing.graph;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.model.ScoringSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a language model into a graph that ends in the hidden states of its last layer, at the wanted positions: what
 * transformers calls {@code last_hidden_state}.
 *
 * <p>From the logits backwards, a head is a chain: each product's output is all that follows it sees. A layer is not: beside
 * its products runs the residual connection. The hidden states are what the first product of the head reads.
 */
public final class FeaturesGraph {
    private final OnnxMl.ModelProto plain;
    private final String logits;

    public FeaturesGraph(OnnxMl.ModelProto plain, String logits) {
        this.plain = plain;
        this.logits = logits;
    }

    /** The graph; absent when the end of the last layer cannot be found. */
    public Optional<OnnxMl.ModelProto> write() {
        return hiddenStates().map(this::endAt);
    }

    private Optional<String> hiddenStates() {
        Walk head = walk(logits);
        if (head.meetsResidual) {
            return head.read;
        }
        // Some exports give the states their shape again before the head: it is theirs if nothing is multiplied before.
        return reshaped(head.end)
                .map(this::walk)
                .filter(layer -> layer.meetsResidual && layer.read.isEmpty())
                .flatMap(layer -> head.read)
                .filter(head.end::equals);
    }

    private Optional<String> reshaped(String tensor) {
        return plain.getGraph().getNodeList().stream()
                .filter(node ->
                        node.getOpType().equals("Reshape") && node.getOutput(0).equals(tensor))
                .map(node -> node.getInput(0))
                .findFirst();
    }

    /**
     * A way backwards through the graph.
     *
     * @param read what the last product on the way reads, if there is one
     * @param meetsResidual whether the way ends where a residual connection comes in, and not at what is not understood
     * @param end the last tensor that everything behind it is made of
     */
    private record Walk(Optional<String> read, boolean meetsResidual, String end) {}

    private Walk walk(String from) {
        List<RowTail.Cut> cuts = new RowTail(plain.getGraph(), from).cuts();
        Optional<String> read = Optional.empty();
        Set<OnnxMl.NodeProto> passed = Set.of();
        String end = from;
        for (RowTail.Cut cut : cuts.subList(1, cuts.size())) {
            if (cut.tensors().size() == 1) {
                List<OnnxMl.NodeProto> link = new ArrayList<>(cut.behind());
                link.removeAll(passed);
                passed = cut.behind();
                boolean product = link.stream().anyMatch(RowWise::isProduct);
                if (product && link.size() > 1) {
                    return new Walk(read, true, end);
                }
                end = cut.tensors().iterator().next();
                read = product ? Optional.of(end) : read;
            }
        }
        return new Walk(read, cuts.get(cuts.size() - 1).tensors().size() > 1, end);
    }

    private OnnxMl.ModelProto endAt(String hidden) {
        OnnxMl.GraphProto.Builder graph = plain.getGraph().toBuilder();
        graph.clearOutput().clearValueInfo();
        GraphWriter writer = new GraphWriter(graph);
        writer.input(ScoringSignature.POSITIONS, 1, "positions");
        String rows = "cloze_rows_of_" + hidden;
        ScoringGraph.gather(writer, hidden, rows);
        long floats = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
        writer.node("Cast", ScoringSignature.FEATURES, List.of(rows), attribute("to", floats));
        writer.output(ScoringSignature.FEATURES, OnnxMl.TensorProto.DataType.FLOAT, 1, "positions", "width");
        return plain.toBuilder().setGraph(Reachable.only(graph)).build();
    }
}
