package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The end of a language model's graph in which every token is computed from that token alone: the head, and what of the last
 * layer stands behind its attention. Found from the logits backwards by data flow; names do not matter.
 */
final class RowTail {
    private final OnnxMl.GraphProto graph;
    private final String logits;
    private final RowWise rowWise;
    private final Map<String, List<OnnxMl.NodeProto>> consumers = new LinkedHashMap<>();

    RowTail(OnnxMl.GraphProto graph, String logits) {
        this.graph = graph;
        this.logits = logits;
        this.rowWise = new RowWise(graph);
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                consumers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
            }
        }
    }

    /** Where to cut the graph, and the nodes behind the cut. */
    record Cut(Set<String> tensors, Set<OnnxMl.NodeProto> behind) {}

    /** All places to cut: at the logits themselves first, each next one with one more node behind it. */
    List<Cut> cuts() {
        Set<OnnxMl.NodeProto> behind = new HashSet<>();
        List<Cut> cuts = new ArrayList<>(List.of(new Cut(Set.of(logits), Set.of())));
        List<OnnxMl.NodeProto> nodes = graph.getNodeList();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxMl.NodeProto node = nodes.get(i);
            if (rowWise.isRowWise(node)
                    && node.getOutputList().stream().anyMatch(output -> feedsOnly(output, behind))
                    && node.getOutputList().stream()
                            .allMatch(output -> feedsOnly(output, behind) || !consumers.containsKey(output))) {
                behind.add(node);
                cuts.add(cut(behind));
            }
        }
        return cuts;
    }

    /** Places to cut at that are worth trying, most work saved first; the last one is at the logits themselves. */
    List<Cut> places() {
        List<Cut> all = cuts();
        Cut atLogits = all.get(0);
        Cut atOneTensor =
                all.stream().filter(cut -> cut.tensors().size() == 1).reduce(atLogits, (nearer, farther) -> farther);
        return Stream.of(all.get(all.size() - 1), atOneTensor, atLogits)
                .distinct()
                .toList();
    }

    private boolean feedsOnly(String tensor, Set<OnnxMl.NodeProto> behind) {
        return tensor.equals(logits) || consumers.containsKey(tensor) && behind.containsAll(consumers.get(tensor));
    }

    private Cut cut(Set<OnnxMl.NodeProto> behind) {
        Set<String> made =
                behind.stream().flatMap(node -> node.getOutputList().stream()).collect(Collectors.toSet());
        Set<String> tensors = behind.stream()
                .flatMap(node -> node.getInputList().stream())
                .filter(input -> rowWise.varies(input) && !made.contains(input))
                .collect(Collectors.toSet());
        return new Cut(tensors, Set.copyOf(behind));
    }
}
