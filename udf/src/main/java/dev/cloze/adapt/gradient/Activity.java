package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.TensorValues;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which values of a graph depend on its parameters, by data flow. A parameter is a tensor of 32-bit floats with at least two elements on
 * which the result depends other than through whole numbers, comparisons, or the angles of rotary positions.
 */
final class Activity {
    /** Their outputs are whole numbers or truth values, or do not depend on the values of the inputs. */
    private static final Set<String> CONSTANT_NEARLY_EVERYWHERE = Set.of(
            "And",
            "ArgMax",
            "ArgMin",
            "Ceil",
            "ConstantOfShape",
            "Equal",
            "Floor",
            "Greater",
            "GreaterOrEqual",
            "IsInf",
            "IsNaN",
            "Less",
            "LessOrEqual",
            "NonZero",
            "Not",
            "Or",
            "Range",
            "Round",
            "Shape",
            "Sign",
            "Size",
            "Xor");
    /** What only these read are frequencies, which nobody trains. */
    private static final Set<String> ANGLES = Set.of("Cos", "Sin");

    private static final Set<Integer> REAL = Set.of(
            OnnxMl.TensorProto.DataType.FLOAT.getNumber(),
            OnnxMl.TensorProto.DataType.DOUBLE.getNumber(),
            OnnxMl.TensorProto.DataType.FLOAT16.getNumber(),
            OnnxMl.TensorProto.DataType.BFLOAT16.getNumber());

    private Activity() {}

    /** Names of the parameters on which {@code result} depends, in the order of the graph. */
    static Set<String> parameters(OnnxMl.GraphProto graph, String result) {
        Set<String> reached = new HashSet<>(Set.of(result));
        List<OnnxMl.NodeProto> nodes = graph.getNodeList();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxMl.NodeProto node = nodes.get(i);
            if (node.getOutputList().stream().anyMatch(reached::contains)) {
                requireNoSubgraph(node);
                if (isSmooth(node) && !ANGLES.contains(node.getOpType())) {
                    reached.addAll(node.getInputList());
                }
            }
        }
        return graph.getInitializerList().stream()
                .filter(tensor -> reached.contains(tensor.getName()) && isTrainable(tensor))
                .map(OnnxMl.TensorProto::getName)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isTrainable(OnnxMl.TensorProto tensor) {
        return REAL.contains(tensor.getDataType()) && tensor.getDimsCount() > 0 && TensorValues.count(tensor) > 1;
    }

    /** The parameters and all values that depend on one. */
    static Set<String> active(OnnxMl.GraphProto graph, Set<String> parameters) {
        Set<String> active = new HashSet<>(parameters);
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            if (isSmooth(node) && node.getInputList().stream().anyMatch(active::contains)) {
                active.addAll(node.getOutputList());
            }
        }
        active.remove("");
        return active;
    }

    private static boolean isSmooth(OnnxMl.NodeProto node) {
        boolean toWhole =
                node.getOpType().equals("Cast") && !REAL.contains((int) NodeAttributes.integer(node, "to", 0));
        return !toWhole && !CONSTANT_NEARLY_EVERYWHERE.contains(node.getOpType());
    }

    private static void requireNoSubgraph(OnnxMl.NodeProto node) {
        if (node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0)) {
            throw GradientRefusal.unsupported(
                    node, "with the operator " + node.getOpType() + ", which holds graphs of its own");
        }
    }
}
