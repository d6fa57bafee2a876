package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Drops from a graph what its outputs do not need. */
final class Reachable {
    private Reachable() {}

    static OnnxMl.GraphProto only(OnnxMl.GraphProto.Builder graph) {
        Set<String> needed = new HashSet<>();
        graph.getOutputList().forEach(output -> needed.add(output.getName()));
        List<OnnxMl.NodeProto> nodes = List.copyOf(graph.getNodeList());
        Set<OnnxMl.NodeProto> kept = new HashSet<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxMl.NodeProto node = nodes.get(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                kept.add(node);
                needed.addAll(node.getInputList());
                node.getAttributeList().forEach(attribute -> addOuterNames(attribute, needed));
            }
        }
        List<OnnxMl.TensorProto> initializers = graph.getInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getName()))
                .toList();
        return graph.clearNode()
                .addAllNode(nodes.stream().filter(kept::contains).toList())
                .clearInitializer()
                .addAllInitializer(initializers)
                .build();
    }

    /** Branches of If and bodies of Loop may use tensors of the graph around them. */
    private static void addOuterNames(OnnxMl.AttributeProto attribute, Set<String> needed) {
        if (attribute.hasG()) {
            for (OnnxMl.NodeProto node : attribute.getG().getNodeList()) {
                needed.addAll(node.getInputList());
                node.getAttributeList().forEach(inner -> addOuterNames(inner, needed));
            }
            attribute.getG().getOutputList().forEach(output -> needed.add(output.getName()));
        }
    }
}
