package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.cloze.importing.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/** ONNX graphs in words: every method adds a node and returns the name of its output. */
public final class GraphWriter {
    /** LayerNormalization is an operator from 17 on. */
    private static final int OPSET = 17;

    private static final int IR_VERSION = 8;

    private final OnnxMl.GraphProto.Builder graph;
    private final TensorStore store;

    /**
     * Begins a graph.
     *
     * @param store where its weights are put
     */
    public GraphWriter(String name, TensorStore store) {
        this.graph = OnnxMl.GraphProto.newBuilder().setName(name);
        this.store = store;
    }

    /** Adds to {@code graph}, whose own names must not start with {@code cloze_}. */
    public GraphWriter(OnnxMl.GraphProto.Builder graph) {
        this.graph = graph;
        this.store = TensorStore.INSIDE;
    }

    public OnnxMl.GraphProto.Builder graph() {
        return graph;
    }

    public OnnxMl.ModelProto model() {
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("cloze")
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build();
    }

    /** Declares an input of 64-bit integers. */
    public String input(String name, Object... shape) {
        return input(name, OnnxMl.TensorProto.DataType.INT64, shape);
    }

    public String input(String name, OnnxMl.TensorProto.DataType type, Object... shape) {
        graph.addInput(value(name, type, shape));
        return name;
    }

    public void output(String name, OnnxMl.TensorProto.DataType type, Object... shape) {
        graph.addOutput(value(name, type, shape));
    }

    /** Weights, which go where the graph's weights are stored. */
    public String constant(String name, Weights.Tensor tensor) {
        return constant(name, tensor, store);
    }

    private String constant(String name, Weights.Tensor tensor, TensorStore place) {
        OnnxMl.TensorProto.Builder described = OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                .addAllDims(LongStream.of(tensor.shape()).boxed().toList());
        place.put(described, tensor);
        graph.addInitializer(described);
        return name;
    }

    public String scalar(String name, float value) {
        return floats(name, new long[0], value);
    }

    /** A few numbers, which stay in the graph. */
    public String floats(String name, long[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return constant(name, new Weights.Tensor(shape, data), TensorStore.INSIDE);
    }

    /** A whole number without any dimension. */
    public String integer(String name, long value) {
        graph.addInitializer(OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.INT64.getNumber())
                .addInt64Data(value));
        return name;
    }

    public String integers(String name, long... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        graph.addInitializer(OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.INT64.getNumber())
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(data)));
        return name;
    }

    /** A node with one output. */
    public String node(String operator, String output, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        node(operator, List.of(output), inputs, attributes);
        return output;
    }

    public void node(String operator, List<String> outputs, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        graph.addNode(OnnxMl.NodeProto.newBuilder()
                .setName(outputs.get(0))
                .setOpType(operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    public static OnnxMl.AttributeProto attribute(String name, long value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    public static OnnxMl.AttributeProto attribute(String name, OnnxMl.TensorProto.Builder value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.TENSOR)
                .setT(value)
                .build();
    }

    public static OnnxMl.AttributeProto attribute(String name, OnnxMl.GraphProto.Builder value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                .setG(value)
                .build();
    }

    public static OnnxMl.AttributeProto attribute(String name, float value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    public static OnnxMl.AttributeProto attribute(String name, List<Long> values) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    private static OnnxMl.ValueInfoProto value(String name, OnnxMl.TensorProto.DataType type, Object... shape) {
        OnnxMl.TensorShapeProto.Builder dimensions = OnnxMl.TensorShapeProto.newBuilder();
        for (Object size : shape) {
            OnnxMl.TensorShapeProto.Dimension.Builder dimension = OnnxMl.TensorShapeProto.Dimension.newBuilder();
            dimensions.addDim(
                    size instanceof Number number
                            ? dimension.setDimValue(number.longValue())
                            : dimension.setDimParam(size.toString()));
        }
        OnnxMl.TypeProto.Tensor tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(dimensions)
                .build();
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
