package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.importing.graph.LogitsAtPositions;
import dev.cloze.importing.graph.TensorValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The loss of a masked language model and its gradients by the parameters, as an ONNX graph: reverse-mode differentiation of the
 * model's own graph. Parameters are inputs, so that they can change from run to run.
 *
 * @param forward the graph of the loss alone
 * @param backward the graph of the loss and of all gradients
 * @param frozen parameters without a gradient, inputs as the others
 * @param gradients of the parameters whose gradient the graph computes as one tensor: the output, by the parameter
 * @param rows what is added to rows of parameters outside of the graph, by the parameter
 */
public record GradientGraph(
        byte[] forward,
        byte[] backward,
        List<Parameter> frozen,
        Map<String, String> gradients,
        Map<String, List<Rows>> rows) {
    /** {@code [positions]}: ids of the tokens that were masked. */
    public static final String LABELS = MaskedLoss.LABELS;
    /** A scalar that the sum of cross-entropies is multiplied by. */
    public static final String SCALE = MaskedLoss.SCALE;
    /** A scalar. */
    public static final String LOSS = MaskedLoss.LOSS;

    private static final OnnxMl.TensorProto.DataType REAL = OnnxMl.TensorProto.DataType.FLOAT;

    /**
     * Outputs that say what is added to which rows of a parameter.
     *
     * @param indices whole numbers
     * @param values as many rows
     */
    public record Rows(String indices, String values) {}

    /** The gradient graph of a model that ends in {@link LogitsAtPositions#LOGITS}. */
    static GradientGraph of(OnnxMl.ModelProto model, List<Parameter> parameters, List<Parameter> frozen) {
        return of(model, parameters, frozen, (graph, active) -> graph);
    }

    /** The same, whose gradients are those of the loss with {@link Dropout}; the loss alone is computed without. */
    static GradientGraph withDropout(OnnxMl.ModelProto model, List<Parameter> parameters, List<Parameter> frozen) {
        return of(model, parameters, frozen, Dropout::into);
    }

    private static GradientGraph of(
            OnnxMl.ModelProto model,
            List<Parameter> parameters,
            List<Parameter> frozen,
            BiFunction<OnnxMl.GraphProto, Set<String>, OnnxMl.GraphProto> change) {
        List<Parameter> all =
                Stream.concat(parameters.stream(), frozen.stream()).toList();
        OnnxMl.ModelProto loss = withLoss(model, all);
        OnnxMl.GraphProto changed = change.apply(loss.getGraph(), Activity.active(loss.getGraph(), names(parameters)));
        OnnxMl.GraphProto forward = WithStatistics.of(changed, Activity.active(changed, names(parameters)));
        Set<String> active = Activity.active(forward, names(parameters));
        OnnxMl.ModelProto prepared = loss.toBuilder().setGraph(forward).build();
        ValueShapes shapes = ShapeProbe.of(prepared, active, all);
        OnnxMl.GraphProto.Builder graph = forward.toBuilder();
        BackwardPass backward = new BackwardPass(new GraphWriter(graph), active, shapes, REAL);
        backward.run(forward.getNodeList(), LOSS);
        return finished(loss, graph, backward, parameters).withFrozen(frozen);
    }

    private static Set<String> names(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    }

    /** The model up to the loss, with parameters as inputs. */
    private static OnnxMl.ModelProto withLoss(OnnxMl.ModelProto model, List<Parameter> parameters) {
        Set<String> names = names(parameters);
        OnnxMl.GraphProto original = model.getGraph();
        Set<String> constants = original.getInitializerList().stream()
                .map(OnnxMl.TensorProto::getName)
                .collect(Collectors.toSet());
        OnnxMl.GraphProto.Builder graph = original.toBuilder()
                .clearInitializer()
                .clearOutput()
                .clearInput()
                .clearValueInfo();
        original.getInputList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .forEach(graph::addInput);
        original.getInitializerList().stream()
                .filter(tensor -> !names.contains(tensor.getName()))
                .forEach(graph::addInitializer);
        GraphWriter writer = new GraphWriter(graph);
        original.getInitializerList().stream()
                .filter(tensor -> names.contains(tensor.getName()))
                .forEach(tensor -> writer.input(
                        tensor.getName(), REAL, tensor.getDimsList().toArray()));
        MaskedLoss.write(writer, LogitsAtPositions.LOGITS, REAL);
        return model.toBuilder().setGraph(graph).build();
    }

    private static GradientGraph finished(
            OnnxMl.ModelProto loss,
            OnnxMl.GraphProto.Builder graph,
            BackwardPass backward,
            List<Parameter> parameters) {
        GraphWriter writer = new GraphWriter(graph);
        Map<String, String> gradients = new LinkedHashMap<>();
        Map<String, List<Rows>> rows = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            backward.gradient(name).ifPresent(value -> {
                String output = gradients.containsValue(value) ? backward.op("Identity", value) : value;
                gradients.put(name, output);
                graph.addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(output));
            });
            List<Rows> added = new ArrayList<>();
            for (BackwardPass.RowGradient each : backward.rowsOf(name)) {
                added.add(rows(each, "cloze_rows/" + added.size() + "/" + name, writer));
            }
            if (!added.isEmpty()) {
                rows.put(name, added);
            }
        }
        OnnxMl.ModelProto whole = loss.toBuilder().setGraph(graph).build();
        return new GradientGraph(loss.toByteArray(), whole.toByteArray(), List.of(), gradients, rows);
    }

    private GradientGraph withFrozen(List<Parameter> values) {
        return new GradientGraph(forward, backward, values, gradients, rows);
    }

    private static Rows rows(BackwardPass.RowGradient gradient, String name, GraphWriter graph) {
        String indices = graph.node(
                "Cast",
                name + "/indices",
                List.of(gradient.indices()),
                GraphWriter.attribute("to", OnnxMl.TensorProto.DataType.INT64.getNumber()));
        String values = graph.node("Identity", name + "/values", List.of(gradient.values()));
        graph.graph().addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(indices));
        graph.graph().addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(values));
        return new Rows(indices, values);
    }

    /** Whole numbers that stand in the graph itself, by their names. */
    static Map<String, long[]> constants(OnnxMl.GraphProto graph) {
        Map<String, long[]> constants = new LinkedHashMap<>();
        graph.getInitializerList().forEach(tensor -> TensorValues.longs(tensor)
                .ifPresent(values -> constants.put(tensor.getName(), values)));
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Constant")) {
                NodeAttributes.find(node, "value")
                        .flatMap(value -> TensorValues.longs(value.getT()))
                        .or(() -> NodeAttributes.integers(node, "value_ints").map(values -> values.stream()
                                .mapToLong(Long::longValue)
                                .toArray()))
                        .ifPresent(values -> constants.put(node.getOutput(0), values));
            }
        }
        return constants;
    }
}
