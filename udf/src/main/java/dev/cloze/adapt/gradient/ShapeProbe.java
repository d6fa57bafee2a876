package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.TensorValues;
import dev.cloze.model.ScoringSignature;
import dev.cloze.onnx.OnnxBoundSession;
import dev.cloze.onnx.OnnxSession;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the shapes of values by running the graph once, with sizes that are different prime numbers: an axis of length 1 is broadcast.
 */
final class ShapeProbe {
    private static final int ROWS = 2;
    private static final int TOKENS = 5;
    private static final long[] POSITIONS = {1, 3, 7};

    private ShapeProbe() {}

    static ValueShapes of(OnnxMl.ModelProto model, Set<String> active, List<Parameter> parameters) {
        OnnxMl.GraphProto graph = model.getGraph();
        Set<String> wanted = wanted(graph, active);
        OnnxMl.GraphProto.Builder showing = graph.toBuilder();
        Set<String> outputs = graph.getOutputList().stream()
                .map(OnnxMl.ValueInfoProto::getName)
                .collect(Collectors.toSet());
        wanted.stream()
                .filter(value -> !outputs.contains(value))
                .forEach(value ->
                        showing.addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(value)));
        byte[] bytes = model.toBuilder().setGraph(showing).build().toByteArray();
        Map<String, long[]> shapes = new HashMap<>();
        graph.getInitializerList().forEach(tensor -> shapes.put(tensor.getName(), TensorValues.shape(tensor)));
        parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
        shapes.putAll(run(bytes, wanted, parameters));
        Set<String> names = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
        return new ValueShapes(shapes, GradientGraph.constants(graph), names);
    }

    /** Outputs of nodes beside which a gradient is computed. */
    private static Set<String> wanted(OnnxMl.GraphProto graph, Set<String> active) {
        Set<String> computed = new LinkedHashSet<>();
        Set<String> wanted = new LinkedHashSet<>();
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            computed.addAll(node.getOutputList());
            if (node.getOutputList().stream().anyMatch(active::contains)) {
                node.getInputList().stream().filter(computed::contains).forEach(wanted::add);
                wanted.addAll(node.getOutputList());
            }
        }
        wanted.remove("");
        return wanted;
    }

    private static Map<String, long[]> run(byte[] graph, Set<String> wanted, List<Parameter> parameters) {
        Map<String, OnnxBoundSession.Tensor> bound = new HashMap<>();
        parameters.forEach(parameter ->
                bound.put(parameter.name(), new OnnxBoundSession.Tensor(parameter.values(), parameter.shape())));
        bound.put(MaskedLoss.SCALE, new OnnxBoundSession.Tensor(TensorValues.direct(1)));
        try (OnnxBoundSession session = OnnxBoundSession.open(graph, bound, Map.of())) {
            return session.run(inputs(session.inputNames()), wanted, outputs -> {
                Map<String, long[]> shapes = new HashMap<>();
                wanted.forEach(value -> shapes.put(value, outputs.shape(value)));
                return shapes;
            });
        }
    }

    private static Map<String, OnnxSession.Input> inputs(Set<String> names) {
        long[] ones = new long[ROWS * TOKENS];
        Arrays.fill(ones, 1);
        Map<String, OnnxSession.Input> inputs = new HashMap<>(Map.of(
                ScoringSignature.INPUT_IDS, new OnnxSession.Input(ones, ROWS, TOKENS),
                ScoringSignature.ATTENTION_MASK, new OnnxSession.Input(ones, ROWS, TOKENS),
                ScoringSignature.TOKEN_TYPE_IDS, new OnnxSession.Input(new long[ones.length], ROWS, TOKENS),
                ScoringSignature.POSITIONS, new OnnxSession.Input(POSITIONS, 1, POSITIONS.length),
                MaskedLoss.LABELS, new OnnxSession.Input(new long[POSITIONS.length], POSITIONS.length),
                Dropout.INPUT, new OnnxSession.Input(new long[] {0, Dropout.MODULUS}, 2)));
        inputs.keySet().retainAll(names);
        return inputs;
    }
}
