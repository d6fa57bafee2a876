package dev.cloze.importing;

import static dev.cloze.importing.GraphWriter.attribute;

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
final class FeaturesGraph {
    private final OnnxMl.ModelProto plain;
    private final String logits;

    FeaturesGraph(OnnxMl.ModelProto plain, String logits) {
        this.plain = plain;
        this.logits = logits;
    }

    /** The graph; absent when the end of the last layer cannot be told. */
    Optional<OnnxMl.ModelProto> write() {
        return hiddenStates().map(this::endAt);
    }

    private Optional<String> hiddenStates() {
        List<RowTail.Cut> cuts = new RowTail(plain.getGraph(), logits).cuts();
        Optional<String> found = Optional.empty();
        Set<OnnxMl.NodeProto> passed = Set.of();
        for (RowTail.Cut cut : cuts.subList(1, cuts.size())) {
            if (cut.tensors().size() == 1) {
                List<OnnxMl.NodeProto> link = new ArrayList<>(cut.behind());
                link.removeAll(passed);
                passed = cut.behind();
                if (link.stream().anyMatch(RowWise::isProduct)) {
                    if (link.size() > 1) {
                        return found;
                    }
                    found = Optional.of(cut.tensors().iterator().next());
                }
            }
        }
        // The graph may go on behind operators that are not understood: it ends at a layer only if two tensors meet
        // there.
        boolean residual = cuts.get(cuts.size() - 1).tensors().size() > 1;
        return residual ? found : Optional.empty();
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
