package dev.cloze.importing.graph;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Multiplies by weights as they lie in the file. A head that is tied to the word embeddings multiplies by their transpose;
 * ONNX Runtime would write that out in memory at every start, as large as the embeddings themselves.
 */
final class TransposedWeights {
    private static final String DOMAIN = "com.microsoft";

    private TransposedWeights() {}

    /** Replaces products with a transposed initialiser by products that transpose while they read. */
    static OnnxMl.ModelProto rewrite(OnnxMl.ModelProto model) {
        Map<String, String> originals = transposed(model.getGraph());
        List<OnnxMl.NodeProto> nodes = model.getGraph().getNodeList();
        if (nodes.stream().noneMatch(node -> multiplies(node, originals))) {
            return model;
        }
        OnnxMl.ModelProto.Builder rewritten = model.toBuilder();
        rewritten.getGraphBuilder().clearNode();
        for (OnnxMl.NodeProto node : nodes) {
            rewritten.getGraphBuilder().addNode(multiplies(node, originals) ? fused(node, originals) : node);
        }
        if (model.getOpsetImportList().stream()
                .noneMatch(opset -> opset.getDomain().equals(DOMAIN))) {
            rewritten.addOpsetImport(
                    OnnxMl.OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1));
        }
        return rewritten.build();
    }

    /** Names of transposed matrices, and of the initialisers they are made from. */
    private static Map<String, String> transposed(OnnxMl.GraphProto graph) {
        int floats = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
        Set<String> matrices = graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDimsCount() == 2 && tensor.getDataType() == floats)
                .map(OnnxMl.TensorProto::getName)
                .collect(Collectors.toSet());
        Map<String, String> originals = new HashMap<>();
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Transpose") && matrices.contains(node.getInput(0))) {
                originals.put(node.getOutput(0), node.getInput(0));
            }
        }
        return originals;
    }

    private static boolean multiplies(OnnxMl.NodeProto node, Map<String, String> originals) {
        return node.getOpType().equals("MatMul") && originals.containsKey(node.getInput(1));
    }

    private static OnnxMl.NodeProto fused(OnnxMl.NodeProto product, Map<String, String> originals) {
        return product.toBuilder()
                .setOpType("FusedMatMul")
                .setDomain(DOMAIN)
                .setInput(1, originals.get(product.getInput(1)))
                .addAttribute(attribute("transB", 1))
                .build();
    }
}
