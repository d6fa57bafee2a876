package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes of a graph compute the row of a token, {@code [.., .., columns]}, from that token's row alone. */
final class RowWise {
    /** One element from one element of each input. */
    private static final Set<String> ELEMENTWISE = Set.of(
            "Abs",
            "Add",
            "BiasGelu",
            "Cast",
            "Clip",
            "Div",
            "Dropout",
            "Elu",
            "Erf",
            "Exp",
            "FastGelu",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "LeakyRelu",
            "Log",
            "Max",
            "Min",
            "Mish",
            "Mul",
            "Neg",
            "Pow",
            "QuickGelu",
            "Reciprocal",
            "Relu",
            "Selu",
            "Sigmoid",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Sub",
            "Tanh",
            "Where");
    /** One row from one row, along the axis in the attribute. */
    private static final Set<String> ALONG_AXIS =
            Set.of("LayerNormalization", "LogSoftmax", "RMSNormalization", "SimplifiedLayerNormalization", "Softmax");
    /** One row from one row of each input, always along the last axis. */
    private static final Set<String> ALONG_ROW = Set.of("SkipLayerNormalization", "SkipSimplifiedLayerNormalization");
    /** Rows times constant columns. */
    private static final Set<String> PRODUCT = Set.of("FusedMatMul", "MatMul", "MatMulNBits");

    private static final Set<String> REDUCTION = Set.of("ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum");
    /** Of three axes. */
    private static final int LAST_AXIS = 2;

    private final Set<String> constants = new HashSet<>();
    private final Map<String, OnnxMl.TensorProto> initializers = new HashMap<>();

    RowWise(OnnxMl.GraphProto graph) {
        for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
            constants.add(tensor.getName());
            initializers.put(tensor.getName(), tensor);
        }
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            if (node.getInputList().stream().noneMatch(this::varies)) {
                constants.addAll(node.getOutputList());
                constantValue(node);
            }
        }
    }

    private void constantValue(OnnxMl.NodeProto node) {
        for (OnnxMl.AttributeProto attribute : node.getAttributeList()) {
            if (node.getOpType().equals("Constant") && attribute.hasT()) {
                initializers.put(node.getOutput(0), attribute.getT());
            }
        }
    }

    /** Whether the tensor depends on the graph's inputs; an absent optional input does not. */
    boolean varies(String tensor) {
        return !tensor.isEmpty() && !constants.contains(tensor);
    }

    /** Whether the node multiplies rows with a matrix. */
    static boolean isProduct(OnnxMl.NodeProto node) {
        return PRODUCT.contains(node.getOpType());
    }

    boolean isRowWise(OnnxMl.NodeProto node) {
        String operator = node.getOpType();
        if (node.getInputList().stream().noneMatch(this::varies)) {
            return false;
        }
        if (ELEMENTWISE.contains(operator) || ALONG_ROW.contains(operator)) {
            return true;
        }
        if (ALONG_AXIS.contains(operator)) {
            return isLast(integer(node, "axis", -1)) && constantAfterFirst(node);
        }
        if (PRODUCT.contains(operator)) {
            return integer(node, "transA", 0) == 0 && constantAfterFirst(node);
        }
        return REDUCTION.contains(operator) && integer(node, "keepdims", 1) == 1 && reducesLastAxis(node);
    }

    private boolean constantAfterFirst(OnnxMl.NodeProto node) {
        return varies(node.getInput(0)) && node.getInputList().stream().skip(1).noneMatch(this::varies);
    }

    private boolean reducesLastAxis(OnnxMl.NodeProto node) {
        List<Long> axes = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("axes"))
                .findFirst()
                .map(OnnxMl.AttributeProto::getIntsList)
                .orElseGet(() -> node.getInputCount() > 1 ? longs(node.getInput(1)) : List.of());
        return axes.size() == 1 && isLast(axes.get(0));
    }

    private List<Long> longs(String tensor) {
        OnnxMl.TensorProto values = initializers.get(tensor);
        if (values == null) {
            return List.of();
        }
        if (values.getInt64DataCount() > 0) {
            return values.getInt64DataList();
        }
        return values.getRawData().size() == Long.BYTES
                ? List.of(values.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                : List.of();
    }

    private static boolean isLast(long axis) {
        return axis == -1 || axis == LAST_AXIS;
    }

    private static long integer(OnnxMl.NodeProto node, String name, long otherwise) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(OnnxMl.AttributeProto::getI)
                .findFirst()
                .orElse(otherwise);
    }
}
