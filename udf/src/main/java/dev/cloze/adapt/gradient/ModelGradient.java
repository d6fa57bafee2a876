package dev.cloze.adapt.gradient;

import dev.cloze.importing.graph.TensorValues;
import dev.cloze.onnx.OnnxBoundSession;
import dev.cloze.onnx.OnnxSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A gradient graph that is ready to run over the values of a model's parameters, wherever these change. */
public final class ModelGradient implements AutoCloseable {
    private final GradientGraph graph;
    private final Map<String, FloatBuffer> gradients = new LinkedHashMap<>();
    private final FloatBuffer scale = TensorValues.direct(1);
    private final List<Parameter> parameters;
    private final Map<String, OnnxBoundSession.Tensor> inputs = new HashMap<>();
    private final OnnxBoundSession forward;
    private final Set<String> rowOutputs;
    private final long[] dropout = {0, Dropout.MODULUS};
    private OnnxBoundSession backward;

    /** Opens the gradient of the model whose parameters these are. */
    public ModelGradient(GradientGraph graph, List<Parameter> parameters) {
        this.graph = graph;
        this.parameters = parameters;
        inputs.put(GradientGraph.SCALE, new OnnxBoundSession.Tensor(scale));
        graph.frozen().forEach(parameter -> inputs.put(parameter.name(), tensor(parameter)));
        parameters.forEach(parameter -> inputs.put(parameter.name(), tensor(parameter)));
        this.rowOutputs = rowOutputs(graph);
        this.forward = OnnxBoundSession.open(graph.forward(), inputs, Map.of());
    }

    /** Gradients take as much memory as the parameters, and whoever wants losses alone does not need them. */
    private OnnxBoundSession backward() {
        if (backward == null) {
            Map<String, OnnxBoundSession.Tensor> outputs = new HashMap<>();
            for (Parameter parameter : parameters) {
                FloatBuffer gradient = TensorValues.direct(parameter.count());
                gradients.put(parameter.name(), gradient);
                String output = graph.gradients().get(parameter.name());
                if (output != null) {
                    outputs.put(output, new OnnxBoundSession.Tensor(gradient, parameter.shape()));
                }
            }
            backward = OnnxBoundSession.open(graph.backward(), inputs, outputs);
        }
        return backward;
    }

    private static OnnxBoundSession.Tensor tensor(Parameter parameter) {
        return new OnnxBoundSession.Tensor(parameter.values(), parameter.shape());
    }

    private static Set<String> rowOutputs(GradientGraph graph) {
        List<String> outputs = new ArrayList<>(List.of(GradientGraph.LOSS));
        graph.rows().values().stream().flatMap(List::stream).forEach(rows -> {
            outputs.add(rows.indices());
            outputs.add(rows.values());
        });
        return Set.copyOf(outputs);
    }

    /** The sum of the cross-entropies of the masked tokens times {@code factor}. */
    public double loss(MaskedBatch batch, float factor) {
        scale.put(0, factor);
        return forward.run(
                known(batch, forward), Set.of(GradientGraph.LOSS), outputs -> outputs.floats(GradientGraph.LOSS)[0]);
    }

    /** The same; afterwards {@link #gradients} are those of this loss. */
    public double lossAndGradients(MaskedBatch batch, float factor) {
        scale.put(0, factor);
        OnnxBoundSession session = backward();
        gradients.forEach((name, gradient) -> {
            if (!graph.gradients().containsKey(name)) {
                zero(gradient);
            }
        });
        return session.run(known(batch, session), rowOutputs, outputs -> {
            graph.rows().forEach((name, all) -> all.forEach(rows -> add(rows, gradients.get(name), outputs)));
            return outputs.floats(GradientGraph.LOSS)[0];
        });
    }

    /**
     * From now on gradients are those of a loss for which so many values are dropped, where the graph has places for that.
     *
     * @param rate the share of them
     * @param draw between 0 and 1: another one drops others
     */
    public void drop(double rate, double draw) {
        dropout[0] = (long) (draw * Dropout.MODULUS);
        dropout[1] = Math.round((1 - rate) * Dropout.MODULUS);
    }

    private Map<String, OnnxSession.Input> known(MaskedBatch batch, OnnxBoundSession session) {
        Map<String, OnnxSession.Input> inputs = batch.inputs();
        inputs.put(Dropout.INPUT, new OnnxSession.Input(dropout, dropout.length));
        inputs.keySet().retainAll(session.inputNames());
        return inputs;
    }

    /** One row after the other, so that the sum is the same to the last digit in every run. */
    private static void add(GradientGraph.Rows rows, FloatBuffer gradient, OnnxSession.Outputs outputs) {
        long[] indices = outputs.longs(rows.indices());
        float[] values = outputs.floats(rows.values());
        int columns = values.length / indices.length;
        int rowCount = gradient.limit() / columns;
        float[] row = new float[columns];
        for (int i = 0; i < indices.length; i++) {
            int index = Math.toIntExact(indices[i]);
            int from = (index < 0 ? index + rowCount : index) * columns;
            gradient.get(from, row);
            for (int j = 0; j < columns; j++) {
                row[j] += values[i * columns + j];
            }
            gradient.put(from, row);
        }
    }

    private static void zero(FloatBuffer values) {
        float[] zeros = new float[Math.min(values.limit(), 1 << 14)];
        for (int from = 0; from < values.limit(); from += zeros.length) {
            values.put(from, zeros, 0, Math.min(zeros.length, values.limit() - from));
        }
    }

    /** Of the last {@link #lossAndGradients}, by the parameter. */
    public Map<String, FloatBuffer> gradients() {
        backward();
        return gradients;
    }

    @Override
    public void close() {
        forward.close();
        if (backward != null) {
            backward.close();
        }
    }
}
