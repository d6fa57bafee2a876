package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.cloze.model.ScoringSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rewrites a model that was exported for generating text into one that reads texts from their beginning: what such exports
 * ask for beside the tokens is computed in the graph. The cache of earlier tokens ({@code past_key_values.*}) is empty, {@code
 * position_ids} count from 0, and of a merged decoder the branch without a cache is taken.
 */
public final class WithoutKvCache {
    private static final String CACHE = "past_key_values.";
    private static final String CACHE_SWITCH = "use_cache_branch";
    private static final String PREFIX = "cloze_";
    private static final String SHAPE = PREFIX + "shape";
    private static final String BATCH = PREFIX + "batch";
    private static final String ZERO = PREFIX + "zero";
    private static final String ONE = PREFIX + "one";
    private static final Set<String> TOKENS =
            Set.of(ScoringSignature.INPUT_IDS, ScoringSignature.ATTENTION_MASK, ScoringSignature.TOKEN_TYPE_IDS);

    private WithoutKvCache() {}

    /** Inputs that are neither the tokens' own nor can be computed from them. */
    public static Set<String> unknown(Set<String> inputs) {
        return inputs.stream()
                .filter(input -> !TOKENS.contains(input) && !isComputed(input))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isComputed(String input) {
        return input.equals(ScoringSignature.POSITION_IDS) || input.equals(CACHE_SWITCH) || input.startsWith(CACHE);
    }

    /** The same model, reading tokens only; {@code logits} is its only output when anything was to be changed. */
    public static OnnxMl.ModelProto rewrite(OnnxMl.ModelProto exported, String logits) {
        OnnxMl.GraphProto original = exported.getGraph();
        List<OnnxMl.ValueInfoProto> computed = original.getInputList().stream()
                .filter(input -> isComputed(input.getName()))
                .toList();
        if (computed.isEmpty()) {
            return exported;
        }
        OnnxMl.GraphProto.Builder graph =
                original.toBuilder().clearNode().clearInput().clearOutput();
        original.getInputList().stream()
                .filter(input -> !isComputed(input.getName()))
                .forEach(graph::addInput);
        original.getOutputList().stream()
                .filter(output -> output.getName().equals(logits))
                .forEach(graph::addOutput);
        compute(computed, new GraphWriter(graph));
        graph.addAllNode(original.getNodeList());
        return exported.toBuilder().setGraph(Reachable.only(graph)).build();
    }

    private static void compute(List<OnnxMl.ValueInfoProto> inputs, GraphWriter graph) {
        graph.node("Shape", SHAPE, List.of(ScoringSignature.INPUT_IDS));
        graph.integers(ZERO, 0);
        graph.integers(ONE, 1);
        graph.node("Slice", BATCH, List.of(SHAPE, ZERO, ONE));
        for (OnnxMl.ValueInfoProto input : inputs) {
            switch (input.getName()) {
                case ScoringSignature.POSITION_IDS -> countPositions(graph);
                case CACHE_SWITCH ->
                    graph.graph()
                            .addInitializer(OnnxMl.TensorProto.newBuilder()
                                    .setName(CACHE_SWITCH)
                                    .setDataType(OnnxMl.TensorProto.DataType.BOOL.getNumber())
                                    .addDims(1)
                                    .addInt32Data(0));
                default -> emptyCache(graph, input);
            }
        }
    }

    private static void countPositions(GraphWriter graph) {
        String ones = PREFIX + "ones";
        graph.node(
                "ConstantOfShape",
                ones,
                List.of(SHAPE),
                GraphWriter.attribute(
                        "value",
                        OnnxMl.TensorProto.newBuilder()
                                .setDataType(OnnxMl.TensorProto.DataType.INT64.getNumber())
                                .addDims(1)
                                .addInt64Data(1)));
        String counted = graph.node("CumSum", PREFIX + "counted", List.of(ones, ONE));
        graph.node("Sub", ScoringSignature.POSITION_IDS, List.of(counted, ONE));
    }

    /** Zeros with no room for any token: {@code [batch, heads, 0, size of a head]}, in whatever order the export has them. */
    private static void emptyCache(GraphWriter graph, OnnxMl.ValueInfoProto input) {
        OnnxMl.TypeProto.Tensor type = input.getType().getTensorType();
        List<String> sizes = new ArrayList<>();
        for (OnnxMl.TensorShapeProto.Dimension dimension : type.getShape().getDimList()) {
            String name = input.getName() + "_" + sizes.size();
            if (dimension.hasDimValue()) {
                sizes.add(graph.integers(PREFIX + name, dimension.getDimValue()));
            } else if (dimension.getDimParam().contains("past")
                    || dimension.getDimParam().contains("seq")) {
                sizes.add(ZERO);
            } else {
                sizes.add(BATCH);
            }
        }
        String shape =
                graph.node("Concat", PREFIX + input.getName() + "_shape", sizes, GraphWriter.attribute("axis", 0));
        graph.node(
                "ConstantOfShape",
                input.getName(),
                List.of(shape),
                GraphWriter.attribute(
                        "value",
                        OnnxMl.TensorProto.newBuilder()
                                .setDataType(type.getElemType())
                                .addDims(1)
                                .setRawData(ByteString.copyFrom(new byte[size(type.getElemType())]))));
    }

    private static int size(int type) {
        return type == OnnxMl.TensorProto.DataType.FLOAT.getNumber() ? Float.BYTES : Short.BYTES;
    }
}
