package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import java.util.List;
import java.util.Set;

/**
 * Raises a graph to the version of the operators that gradients are written in: from 16 on elements can be added up where they are
 * scattered, from 17 on there is a layer normalisation.
 */
final class Opset {
    private static final int WRITTEN = 17;
    private static final int AXES_ARE_INPUTS = 13;
    private static final int OLDEST = 11;
    private static final int IR_VERSION = 8;
    private static final String MICROSOFT = "com.microsoft";
    private static final Set<String> SOFTMAX = Set.of("Softmax", "LogSoftmax");

    private Opset() {}

    static OnnxMl.ModelProto raised(OnnxMl.ModelProto model) {
        OnnxMl.ModelProto.Builder raised = model.toBuilder().clearOpsetImport();
        long version = version(model);
        if (version < OLDEST) {
            throw GradientRefusal.of("its graph has opset " + version + ", and gradients need " + OLDEST + " or later");
        }
        if (version < AXES_ARE_INPUTS) {
            withAxesAsInputs(raised.getGraphBuilder());
        }
        raised.addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(Math.max(version, WRITTEN)));
        model.getOpsetImportList().stream()
                .filter(opset -> !isMain(opset) && !opset.getDomain().equals(MICROSOFT))
                .forEach(raised::addOpsetImport);
        raised.addOpsetImport(
                OnnxMl.OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1));
        return raised.setIrVersion(Math.max(model.getIrVersion(), IR_VERSION)).build();
    }

    private static long version(OnnxMl.ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(Opset::isMain)
                .mapToLong(OnnxMl.OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(1);
    }

    private static boolean isMain(OnnxMl.OperatorSetIdProto opset) {
        return opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx");
    }

    private static void withAxesAsInputs(OnnxMl.GraphProto.Builder graph) {
        List<OnnxMl.NodeProto> nodes = List.copyOf(graph.getNodeList());
        graph.clearNode();
        GraphWriter writer = new GraphWriter(graph);
        for (OnnxMl.NodeProto node : nodes) {
            graph.addNode(
                    switch (node.getOpType()) {
                        case "Squeeze", "Unsqueeze", "ReduceSum" -> moved(node, "axes", writer);
                        case "Split" -> moved(node, "split", writer);
                        default -> requireLastAxis(node);
                    });
        }
    }

    private static OnnxMl.NodeProto moved(OnnxMl.NodeProto node, String name, GraphWriter graph) {
        return NodeAttributes.integers(node, name)
                .map(values -> {
                    OnnxMl.NodeProto.Builder moved = node.toBuilder().clearAttribute();
                    node.getAttributeList().stream()
                            .filter(attribute -> !attribute.getName().equals(name))
                            .forEach(moved::addAttribute);
                    long[] list = values.stream().mapToLong(Long::longValue).toArray();
                    return moved.addInput(graph.integers("cloze_" + name + "/" + node.getOutput(0), list))
                            .build();
                })
                .orElse(node);
    }

    /** Before opset 13 a softmax along another axis than the last one ran over all axes behind it. */
    private static OnnxMl.NodeProto requireLastAxis(OnnxMl.NodeProto node) {
        boolean other = SOFTMAX.contains(node.getOpType())
                && NodeAttributes.integer(node, "axis", 1) != -1
                && NodeAttributes.integer(node, "axis", 1) != 3;
        if (other) {
            throw GradientRefusal.unsupported(
                    node, "with a " + node.getOpType() + " of opset 12 or earlier over several axes");
        }
        return node;
    }
}
