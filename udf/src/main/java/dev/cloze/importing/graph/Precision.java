package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The precision that a graph computes in, told by its operators and weights; what files call themselves says nothing. */
public final class Precision {
    private static final Set<String> BLOCKS = Set.of("GatherBlockQuantized", "MatMulBnb4", "MatMulNBits");
    private static final int DEFAULT_BITS = 4;
    private static final List<String> NARROWEST_FIRST =
            List.of("int2", "int3", "int4", "int5", "int6", "int7", "int8", "bf16", "fp16");
    private static final Map<OnnxMl.TensorProto.DataType, String> NARROW = Map.of(
            OnnxMl.TensorProto.DataType.UINT4, "int4",
            OnnxMl.TensorProto.DataType.INT4, "int4",
            OnnxMl.TensorProto.DataType.BFLOAT16, "bf16",
            OnnxMl.TensorProto.DataType.FLOAT16, "fp16");
    private static final Set<String> QUANTISED = Set.of(
            "ConvInteger",
            "DequantizeLinear",
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

    /** {@code int2} to {@code int8}, {@code fp16}, {@code bf16} or {@code fp32}: the narrowest that {@code model} uses. */
    public static String of(OnnxMl.ModelProto model) {
        Set<String> found = all(model);
        return NARROWEST_FIRST.stream().filter(found::contains).findFirst().orElse("fp32");
    }

    /** Whether {@code model} computes with floats of 16 bits anywhere, whatever else it computes with. */
    public static boolean hasHalves(OnnxMl.ModelProto model) {
        Set<String> found = all(model);
        return found.contains("fp16") || found.contains("bf16");
    }

    private static Set<String> all(OnnxMl.ModelProto model) {
        Set<String> found = new TreeSet<>();
        ModelWalk.visit(model, OnnxMl.NodeProto.class, node -> ofNode(node).ifPresent(found::add));
        ModelWalk.visit(
                model, OnnxMl.TensorProto.class, tensor -> ofTensor(tensor).ifPresent(found::add));
        return found;
    }

    private static Optional<String> ofNode(OnnxMl.NodeProto node) {
        if (BLOCKS.contains(node.getOpType())) {
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
        return Optional.ofNullable(OnnxMl.TensorProto.DataType.forNumber(tensor.getDataType()))
                .map(NARROW::get);
    }
}
