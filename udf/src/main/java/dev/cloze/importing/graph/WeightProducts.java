package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The products of a model that compute rows of all tokens with a matrix of weights. What is computed for asked positions only, such as
 * the head, is not among them: it takes little time, and the logits come of it.
 *
 * @param products in the order of the graph
 * @param weights the matrices, by their names
 */
record WeightProducts(List<OnnxMl.NodeProto> products, Map<String, OnnxMl.TensorProto> weights) {

    static WeightProducts of(OnnxMl.GraphProto graph, String logits) {
        int floats = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
        Map<String, OnnxMl.TensorProto> matrices = graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDimsCount() == 2 && tensor.getDataType() == floats)
                .collect(Collectors.toMap(
                        OnnxMl.TensorProto::getName, tensor -> tensor, (a, b) -> a, LinkedHashMap::new));
        Set<OnnxMl.NodeProto> ofAskedPositions =
                new RowTail(graph, logits).places().get(0).behind();
        return new WeightProducts(
                graph.getNodeList().stream()
                        .filter(node -> node.getOpType().equals("MatMul") && matrices.containsKey(node.getInput(1)))
                        .filter(node -> !ofAskedPositions.contains(node))
                        .toList(),
                matrices);
    }

    OnnxMl.TensorProto weight(OnnxMl.NodeProto product) {
        return weights.get(product.getInput(1));
    }

    /** What is multiplied, each with a range for its channels. */
    Map<String, ChannelRange> activations() {
        Map<String, ChannelRange> ranges = new LinkedHashMap<>();
        products.forEach(product -> ranges.computeIfAbsent(
                product.getInput(0),
                input -> new ChannelRange((int) weight(product).getDims(0))));
        return ranges;
    }
}
