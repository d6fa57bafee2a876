package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rewrites a model of 32-bit floats so that its products with weights are computed in 8 bits ({@link EightBitProduct}). How large
 * activations get is measured on texts; the same texts give the same graph.
 */
public final class EightBitGraph {
    private static final String PREFIX = "eight_bit_";
    private static final String DOMAIN = "com.microsoft";
    /** QuantizeLinear and Flatten take negative axes from here on. */
    private static final long OLDEST_OPSET = 11;

    private final OnnxMl.ModelProto plain;
    private final Path directory;
    private final WeightProducts products;

    /**
     * @param plain the model, whose weights lie in {@code directory}
     * @param logits its output
     * @param subject what is done with it
     */
    public EightBitGraph(OnnxMl.ModelProto plain, Path directory, String logits, Subject subject) {
        this.plain = plain;
        this.directory = directory;
        this.products = WeightProducts.of(plain.getGraph(), logits);
        if (products.products().isEmpty() || opset() < OLDEST_OPSET) {
            throw subject.refuse(
                    products.products().isEmpty()
                            ? "its graph has no product (MatMul) with a matrix of 32-bit floats before its head"
                            : "its graph is of opset " + opset() + ", which is older than " + OLDEST_OPSET,
                    "leave --precision out, or export the model again without fused operators");
        }
    }

    /**
     * The model in 8 bits.
     *
     * @param texts rows of one text each
     * @param file takes all of its weights
     */
    public OnnxMl.ModelProto write(List<Batch> texts, WeightFile file) throws IOException {
        Map<String, ChannelRange> ranges = products.activations();
        Calibration.run(plain, directory, texts, ranges);
        OnnxMl.GraphProto.Builder graph = plain.getGraph().toBuilder();
        graph.clearNode().clearValueInfo();
        GraphWriter writer = new GraphWriter(graph);
        Set<OnnxMl.NodeProto> replaced = new HashSet<>(products.products());
        Map<String, EightBitProduct> inputs = new HashMap<>();
        for (OnnxMl.NodeProto node : plain.getGraph().getNodeList()) {
            if (replaced.contains(node)) {
                String input = node.getInput(0);
                EightBitProduct product = inputs.computeIfAbsent(
                        input,
                        name -> new EightBitProduct(
                                writer, PREFIX + inputs.size() + "_", name, ranges.get(name), opset()));
                replace(node, product, writer, file);
            } else {
                graph.addNode(node);
            }
        }
        return finished(graph, file);
    }

    private void replace(OnnxMl.NodeProto node, EightBitProduct product, GraphWriter writer, WeightFile file) {
        OnnxMl.TensorProto tensor = products.weight(node);
        FloatBuffer buffer = TensorValues.floats(tensor, directory);
        float[] matrix = new float[buffer.remaining()];
        buffer.get(matrix);
        EightBitWeights weights = EightBitWeights.of(matrix, (int) tensor.getDims(1), product.apart());
        String name = PREFIX + node.getOutput(0) + "_weights";
        OnnxMl.TensorProto.Builder described = OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.INT8.getNumber())
                .addAllDims(tensor.getDimsList());
        file.put(described, List.of(ByteBuffer.wrap(weights.values())));
        writer.graph().addInitializer(described);
        product.multiply(node, name, weights, weights.rowsApart(matrix));
    }

    /** The model of {@code graph}, all of whose large weights are in {@code file}. */
    private OnnxMl.ModelProto finished(OnnxMl.GraphProto.Builder graph, WeightFile file) {
        Set<String> own = graph.getInitializerList().stream()
                .map(OnnxMl.TensorProto::getName)
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toSet());
        OnnxMl.GraphProto.Builder reachable = Reachable.only(graph).toBuilder();
        for (OnnxMl.TensorProto.Builder tensor : reachable.getInitializerBuilderList()) {
            if (ExternalData.isExternal(tensor.build()) && !own.contains(tensor.getName())) {
                ByteBuffer bytes = TensorValues.bytes(tensor.build(), directory);
                tensor.clearExternalData();
                file.put(tensor, List.of(bytes));
            }
        }
        OnnxMl.ModelProto.Builder model = plain.toBuilder().setGraph(reachable);
        if (plain.getOpsetImportList().stream()
                .noneMatch(opset -> opset.getDomain().equals(DOMAIN))) {
            model.addOpsetImport(
                    OnnxMl.OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1));
        }
        return model.build();
    }

    private long opset() {
        return plain.getOpsetImportList().stream()
                .filter(opset -> opset.getDomain().isEmpty())
                .mapToLong(OnnxMl.OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
    }
}
