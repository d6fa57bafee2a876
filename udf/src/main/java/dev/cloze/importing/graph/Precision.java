package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The precision that a graph computes in, told by its operators and weights; what files call themselves says nothing. */
public final class Precision {
    private static final String BLOCKS = "MatMulNBits";
    private static final int DEFAULT_BITS = 4;
    private static final List<String> NARROWEST_FIRST = List.of("int4", "int8", "bf16", "fp16");
    private static final Set<String> QUANTISED = Set.of(
            "ConvInteger",
            "DynamicQuantizeLinear",
            "DynamicQuantizeMatMul",
            "DynamicQuantizeLSTM",
            "MatMulInteger",
            "MatMulIntegerToFloat",
            "QAttention",
            "QEmbedLayerNormalization",
            "QGemm",
            "QLinearMatMul",
            "QuantizeLinear");

    private Precision() {}

    /** {@code int4}, {@code int8}, {@code fp16}, {@code bf16} or {@code fp32}: the narrowest that {@code model} uses. */
    public static String of(OnnxMl.ModelProto model) {
        Set<String> found = new TreeSet<>();
        ModelWalk.visit(model, OnnxMl.NodeProto.class, node -> ofNode(node).ifPresent(found::add));
        ModelWalk.visit(
                model, OnnxMl.TensorProto.class, tensor -> ofTensor(tensor).ifPresent(found::add));
        return NARROWEST_FIRST.stream().filter(found::contains).findFirst().orElse("fp32");
    }

    private static Optional<String> ofNode(OnnxMl.NodeProto node) {
        if (node.getOpType().equals(BLOCKS)) {
            long bits = node.getAttributeList().stream()
                    .filter(attribute -> attribute.getName().equals("bits"))
                    .findFirst()
                    .map(OnnxMl.AttributeProto::getI)
                    .orElse((long) DEFAULT_BITS);
            return Optional.of("int" + bits);
        }
        return QUANTISED.contains(node.getOpType()) ? Optional.of("int8") : Optional.empty();
    }

    private static Optional<String> ofTensor(OnnxMl.TensorProto tensor) {
        if (tensor.getDataType() == OnnxMl.TensorProto.DataType.FLOAT16.getNumber()) {
            return Optional.of("fp16");
        }
        return tensor.getDataType() == OnnxMl.TensorProto.DataType.BFLOAT16.getNumber()
                ? Optional.of("bf16")
                : Optional.empty();
    }
}
