package dev.cloze.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.cloze.failure.ClozeException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An ONNX graph that is ready to run. Safe to run from several threads at once. {@code Onnx*} are the only files that know ONNX
 * Runtime; native memory never leaves {@link #run}.
 */
public final class OnnxSession implements AutoCloseable {
    /** A tensor of 64-bit integers. */
    public record Input(long[] values, long... shape) {
        @Override
        public String toString() {
            return "Input" + List.of(shape);
        }
    }

    /** The results of a run; valid only inside the reader. */
    public interface Outputs {
        /** All values, row after row; narrower floats are widened. */
        float[] floats(String name);

        /** All values, row after row. */
        long[] longs(String name);

        long[] shape(String name);
    }

    private final OrtSession session;
    private final Map<String, long[]> inputs;
    private final Map<String, long[]> outputs;

    private OnnxSession(OrtSession session) throws OrtException {
        this.session = session;
        this.inputs = shapes(session.getInputInfo());
        this.outputs = shapes(session.getOutputInfo());
    }

    /** Opens a graph file on the CPU. */
    public static OnnxSession open(Path graph) {
        return open(graph, Device.cpu());
    }

    /** Opens a graph file; its external weights are mapped, not copied, where the platform and the device can. */
    public static OnnxSession open(Path graph, Device device) {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = OnnxOptions.of(device)) {
            OrtSession session = environment.createSession(graph.toString(), options);
            try {
                return new OnnxSession(session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            if (device.provider() != Provider.CPU) {
                throw OnnxOptions.unusable(device, e);
            }
            throw ClozeException.model(
                    "open model graph " + graph,
                    String.valueOf(e.getMessage())
                            .lines()
                            .map(String::strip)
                            .collect(Collectors.joining(" "))
                            .strip(),
                    "use an ONNX file that ONNX Runtime can open",
                    e);
        }
    }

    /** Fails when the libraries that {@code device} needs are not here. */
    public static void require(Device device) {
        OnnxRuntime.environment();
        try {
            OnnxOptions.of(device).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names and shapes of the inputs, in the graph's order; -1 stands for a size that varies. */
    public Map<String, long[]> inputs() {
        return inputs;
    }

    /** Names and shapes of the outputs, in the graph's order; -1 stands for a size that varies. */
    public Map<String, long[]> outputs() {
        return outputs;
    }

    /** Runs the graph and lets {@code reader} copy out what it needs; everything native is closed on return. */
    public <T> T run(Map<String, Input> values, Set<String> wanted, Function<Outputs, T> reader) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, Input> entry : values.entrySet()) {
                LongBuffer buffer = LongBuffer.wrap(entry.getValue().values());
                long[] shape = entry.getValue().shape();
                tensors.put(entry.getKey(), OnnxTensor.createTensor(OnnxRuntime.environment(), buffer, shape));
            }
            try (OrtSession.Result result = session.run(tensors, wanted)) {
                return reader.apply(new ResultOutputs(result));
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, long[]> shapes(Map<String, NodeInfo> nodes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        nodes.forEach((name, node) ->
                shapes.put(name, node.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0]));
        return Collections.unmodifiableMap(shapes);
    }

    record ResultOutputs(OrtSession.Result result) implements Outputs {
        @Override
        public float[] floats(String name) {
            FloatBuffer buffer = tensor(name).getFloatBuffer();
            if (buffer == null) {
                throw new IllegalStateException("the output " + name + " is not of floats");
            }
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }

        @Override
        public long[] longs(String name) {
            LongBuffer buffer = tensor(name).getLongBuffer();
            if (buffer == null) {
                throw new IllegalStateException("the output " + name + " is not of integers");
            }
            long[] values = new long[buffer.remaining()];
            buffer.get(values);
            return values;
        }

        @Override
        public long[] shape(String name) {
            return tensor(name).getInfo().getShape();
        }

        private OnnxTensor tensor(String name) {
            return (OnnxTensor) result.get(name).orElseThrow(() -> new IllegalStateException("No output " + name));
        }
    }
}
