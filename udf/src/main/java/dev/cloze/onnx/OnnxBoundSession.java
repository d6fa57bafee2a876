package dev.cloze.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cloze.failure.ClozeException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A graph in memory, some of whose inputs and outputs are buffers of the caller: weights that change between runs, and gradients of
 * weights. They are read and written where they lie.
 */
public final class OnnxBoundSession implements AutoCloseable {
    /** Floats in a direct buffer of the machine's own byte order, row after row. */
    public record Tensor(FloatBuffer values, long... shape) {
        public Tensor {
            if (!values.isDirect()) {
                throw new IllegalArgumentException("ONNX Runtime would work on a copy of a buffer that is not direct");
            }
        }

        @Override
        public String toString() {
            return "Tensor" + java.util.Arrays.toString(shape);
        }
    }

    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    private OnnxBoundSession(OrtSession session) {
        this.session = session;
    }

    /**
     * Opens a graph on the CPU.
     *
     * @param graph an ONNX file with all its constants inside
     * @param inputs the buffers that stand for inputs of these names in every run
     * @param outputs the buffers that every run writes
     */
    public static OnnxBoundSession open(byte[] graph, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = OnnxOptions.of(Device.cpu())) {
            // Fused operators do not give out what gradients need, such as the means of a normalisation.
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            OnnxBoundSession opened = new OnnxBoundSession(environment.createSession(graph, options));
            try {
                bind(inputs, opened.inputs);
                bind(outputs, opened.outputs);
                return opened;
            } catch (OrtException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (OrtException e) {
            throw ClozeException.model(
                    "compute the gradient of a model",
                    "ONNX Runtime does not open its graph: " + e.getMessage(),
                    "export the model again with opset 17 and 32-bit floats",
                    e);
        }
    }

    private static void bind(Map<String, Tensor> tensors, Map<String, OnnxTensor> bound) throws OrtException {
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            FloatBuffer values = entry.getValue().values();
            bound.put(
                    entry.getKey(),
                    OnnxTensor.createTensor(
                            OnnxRuntime.environment(), values, entry.getValue().shape()));
        }
    }

    /**
     * Computes all outputs; the bound ones lie in their buffers afterwards.
     *
     * @param values of the inputs that are not bound
     * @param wanted outputs that {@code reader} reads
     */
    public <T> T run(
            Map<String, OnnxSession.Input> values, Set<String> wanted, Function<OnnxSession.Outputs, T> reader) {
        Map<String, OnnxTensor> all = new HashMap<>(inputs);
        Map<String, OnnxTensor> made = new HashMap<>();
        try {
            for (Map.Entry<String, OnnxSession.Input> entry : values.entrySet()) {
                LongBuffer buffer = LongBuffer.wrap(entry.getValue().values());
                made.put(
                        entry.getKey(),
                        OnnxTensor.createTensor(
                                OnnxRuntime.environment(),
                                buffer,
                                entry.getValue().shape()));
            }
            all.putAll(made);
            Map<String, OnnxValue> pinned = new HashMap<>(outputs);
            try (OrtSession.Result result = session.run(all, wanted, pinned)) {
                return reader.apply(new OnnxSession.ResultOutputs(result));
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            made.values().forEach(OnnxTensor::close);
        }
    }

    /** Names of the graph's inputs, bound ones included. */
    public Set<String> inputNames() {
        return session.getInputNames();
    }

    @Override
    public void close() {
        try {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
