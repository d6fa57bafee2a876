package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import dev.cloze.importing.graph.GraphWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A case as graphs: a loss, which is a weighed sum of the operator's outputs, and its gradients. */
final class RuleRun implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final RuleCase each;
    private final OnnxMl.TensorProto.DataType real;
    private final List<double[]> values = new ArrayList<>();
    private final OrtSession forward;
    private final OrtSession backward;
    private final Map<Integer, String> gradients = new HashMap<>();
    private final Map<Integer, BackwardPass.RowGradient> rows = new HashMap<>();

    RuleRun(RuleCase each) throws OrtException {
        this.each = each;
        this.real = each.isSingle() ? OnnxMl.TensorProto.DataType.FLOAT : OnnxMl.TensorProto.DataType.DOUBLE;
        Random random = new Random(5);
        each.inputs().forEach(input -> values.add(drawn(input, random)));
        OnnxMl.GraphProto operator = operator();
        Map<String, long[]> shapes = shapes(operator);
        OnnxMl.GraphProto loss = loss(operator, shapes, random);
        shapes.putAll(shapes(loss));
        this.forward = session(loss);
        OnnxMl.GraphProto.Builder graph = loss.toBuilder();
        Set<String> parameters = new HashSet<>();
        IntStream.of(each.trainedInputs()).forEach(i -> parameters.add("x" + i));
        BackwardPass pass = new BackwardPass(
                new GraphWriter(graph),
                Activity.active(loss, parameters),
                new ValueShapes(shapes, GradientGraph.constants(loss), parameters),
                real);
        pass.run(loss.getNodeList(), "loss");
        for (int i : each.trainedInputs()) {
            pass.gradient("x" + i).ifPresent(name -> gradients.put(i, name));
            pass.rowsOf("x" + i).forEach(row -> rows.put(i, row));
        }
        Set<String> outputs = new HashSet<>(gradients.values());
        rows.values().forEach(row -> outputs.add(row.values()));
        outputs.forEach(
                name -> graph.addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(name)));
        this.backward = session(graph.build());
    }

    private double[] drawn(RuleCase.Input input, Random random) {
        if (input.values().length > 0) {
            return input.values();
        }
        double low = input.kind() == RuleCase.Kind.POSITIVE ? 0.5 : -1.5;
        double[] drawn = random.doubles(input.count(), low, 1.5).toArray();
        return each.isSingle() ? rounded(drawn) : drawn;
    }

    private static double[] rounded(double... drawn) {
        return java.util.Arrays.stream(drawn).map(value -> (float) value).toArray();
    }

    /** The operator alone: trained inputs are inputs of the graph, the others constants. */
    private OnnxMl.GraphProto operator() {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("case");
        GraphWriter writer = new GraphWriter(graph);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < each.inputs().size(); i++) {
            RuleCase.Input input = each.inputs().get(i);
            names.add("x" + i);
            if (IntStream.of(each.trainedInputs()).boxed().toList().contains(i)) {
                writer.input("x" + i, real, LongStream.of(input.shape()).boxed().toArray());
            } else {
                graph.addInitializer(constant("x" + i, input, values.get(i)));
            }
        }
        if (each.hasIdentity()) {
            names.set(0, writer.node("Identity", "same", List.of("x0")));
        }
        List<String> outputs =
                IntStream.range(0, each.outputs()).mapToObj(i -> "y" + i).toList();
        OnnxMl.NodeProto.Builder node = OnnxMl.NodeProto.newBuilder()
                .setName("y0")
                .setOpType(each.operator())
                .setDomain(each.operator().startsWith("Fused") ? "com.microsoft" : "")
                .addAllInput(names)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(each.attributes()));
        return graph.addNode(node).build();
    }

    private OnnxMl.TensorProto constant(String name, RuleCase.Input input, double... numbers) {
        OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder().setName(name);
        LongStream.of(input.shape()).forEach(tensor::addDims);
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        OnnxMl.TensorProto.DataType type = real;
        for (double number : numbers) {
            if (input.kind() == RuleCase.Kind.WHOLE) {
                type = OnnxMl.TensorProto.DataType.INT64;
                bytes.putLong((long) number);
            } else if (input.kind() == RuleCase.Kind.TRUTH) {
                type = OnnxMl.TensorProto.DataType.BOOL;
                bytes.put((byte) number);
            } else if (each.isSingle()) {
                bytes.putFloat((float) number);
            } else {
                bytes.putDouble(number);
            }
        }
        return tensor.setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes.flip()))
                .build();
    }

    private OnnxMl.GraphProto loss(OnnxMl.GraphProto operator, Map<String, long[]> shapes, Random random) {
        OnnxMl.GraphProto.Builder graph = operator.toBuilder();
        GraphWriter writer = new GraphWriter(graph);
        String sum = "";
        for (int output : each.read()) {
            long[] shape = shapes.get("y" + output);
            RuleCase.Input weight = new RuleCase.Input(shape, RuleCase.Kind.FIXED);
            graph.addInitializer(constant("w" + output, weight, drawn(weight, random)));
            String product = writer.node("Mul", "p" + output, List.of("y" + output, "w" + output));
            String axes = writer.integers(
                    "axes" + output, LongStream.range(0, shape.length).toArray());
            String part = writer.node(
                    "ReduceSum", "s" + output, List.of(product, axes), GraphWriter.attribute("keepdims", 0));
            sum = sum.isEmpty() ? part : writer.node("Add", "sum" + output, List.of(sum, part));
        }
        writer.node("Identity", "loss", List.of(sum));
        graph.addOutput(OnnxMl.ValueInfoProto.newBuilder().setName("loss"));
        return graph.build();
    }

    private OrtSession session(OnnxMl.GraphProto graph) throws OrtException {
        OnnxMl.ModelProto model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(each.opset()))
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph)
                .build();
        return ENVIRONMENT.createSession(model.toByteArray(), new OrtSession.SessionOptions());
    }

    private Map<String, long[]> shapes(OnnxMl.GraphProto graph) throws OrtException {
        OnnxMl.GraphProto.Builder showing = graph.toBuilder().clearOutput();
        graph.getNodeList().forEach(node -> node.getOutputList()
                .forEach(name ->
                        showing.addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(name))));
        Map<String, long[]> shapes = new HashMap<>();
        graph.getInitializerList()
                .forEach(tensor -> shapes.put(
                        tensor.getName(),
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray()));
        for (int i : each.trainedInputs()) {
            shapes.put("x" + i, each.inputs().get(i).shape());
        }
        try (OrtSession session = session(showing.build());
                OrtSession.Result result = run(session)) {
            for (Map.Entry<String, ai.onnxruntime.OnnxValue> value : result) {
                shapes.put(value.getKey(), ((TensorInfo) value.getValue().getInfo()).getShape());
            }
        }
        return shapes;
    }

    private OrtSession.Result run(OrtSession session) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (int i : each.trainedInputs()) {
            long[] shape = each.inputs().get(i).shape();
            double[] numbers = values.get(i);
            inputs.put(
                    "x" + i,
                    each.isSingle()
                            ? OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(floats(numbers)), shape)
                            : OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(numbers), shape));
        }
        return session.run(inputs);
    }

    private static float[] floats(double... numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    double[] gradient(int input) throws OrtException {
        try (OrtSession.Result result = run(backward)) {
            double[] gradient = gradients.containsKey(input)
                    ? numbers(result, gradients.get(input))
                    : new double[each.inputs().get(input).count()];
            if (rows.containsKey(input)) {
                addRows(gradient, numbers(result, rows.get(input).values()), input);
            }
            return gradient;
        }
    }

    private void addRows(double[] gradient, double[] added, int input) {
        double[] indices = values.get(input + 1);
        int columns = added.length / indices.length;
        for (int i = 0; i < added.length; i++) {
            gradient[(int) indices[i / columns] * columns + i % columns] += added[i];
        }
    }

    private double[] numbers(OrtSession.Result result, String name) {
        OnnxTensor tensor = (OnnxTensor) result.get(name).orElseThrow();
        if (each.isSingle()) {
            FloatBuffer floats = tensor.getFloatBuffer();
            return IntStream.range(0, floats.limit()).mapToDouble(floats::get).toArray();
        }
        DoubleBuffer doubles = tensor.getDoubleBuffer();
        return IntStream.range(0, doubles.limit()).mapToDouble(doubles::get).toArray();
    }

    /** (f(x + h) - f(x - h)) / 2h for one element of an input. */
    double finiteDifference(int input, int element) throws OrtException {
        double step = each.isSingle() ? 1.0 / 64 : 1e-5;
        double[] numbers = values.get(input);
        double before = numbers[element];
        numbers[element] = before + step;
        double above = loss();
        numbers[element] = before - step;
        double below = loss();
        numbers[element] = before;
        return (above - below) / (2 * step);
    }

    private double loss() throws OrtException {
        try (OrtSession.Result result = run(forward)) {
            return numbers(result, "loss")[0];
        }
    }

    /** The error of a central difference is h² / 6 times the third derivative, and rounding of the loss by h. */
    double tolerance() {
        return each.isSingle() ? 2e-3 : 1e-8;
    }

    @Override
    public void close() throws OrtException {
        forward.close();
        backward.close();
    }
}
