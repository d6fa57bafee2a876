package dev.cloze.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import dev.cloze.failure.ClozeException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How sessions are set up on each device. */
final class OnnxOptions {
    /** What the loader says of a CUDA library that is not there. */
    private static final Pattern MISSING_LIBRARY =
            Pattern.compile("with error: (\\S+): cannot open shared object file");

    /**
     * Batches have many shapes: growing the arena by powers of two would take what is never used. TF32 has 10 bits of mantissa,
     * too few for the digits that are promised.
     */
    private static final Map<String, String> CUDA =
            Map.of("arena_extend_strategy", "kSameAsRequested", "use_tf32", "0");

    /**
     * Packed copies of the weights are 1.1 (batches of 512 tokens) to 2 times (a single short row) faster, measured, but take seconds
     * to make, and memory of each process: mapped weights are pages that processes of a node share.
     */
    private static final Map<String, String> SESSION = Map.of("session.disable_prepacking", "1");

    private OnnxOptions() {}

    /** Options of a session on {@code device}; the caller closes them. */
    static SessionOptions of(Device device) throws OrtException {
        SessionOptions options = new SessionOptions();
        try {
            // The calling task and the JVM's one pool are the threads: Spark decides how many tasks run at once.
            options.disablePerSessionThreads();
            for (Map.Entry<String, String> entry : session(device).entrySet()) {
                options.addConfigEntry(entry.getKey(), entry.getValue());
            }
            // Every batch has a shape of its own; remembering a plan for each would grow without end.
            options.setMemoryPatternOptimization(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (device.isGpu()) {
                addGpu(options, device);
            } else if (device.provider() == Provider.OPENVINO) {
                addPlugin(options, device);
            }
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    private static Map<String, String> session(Device device) {
        Map<String, String> entries = new TreeMap<>(SESSION);
        if (device.provider() == Provider.CPU) {
            entries.putAll(device.options());
        }
        return entries;
    }

    private static void addPlugin(SessionOptions options, Device device) {
        try {
            OnnxPlugin.add(options, device);
        } catch (OrtException e) {
            throw unusable(device, e);
        }
    }

    /** TensorRT leaves what it cannot compute to CUDA. */
    private static void addGpu(SessionOptions options, Device device) {
        try {
            if (device.provider() == Provider.TENSORRT) {
                addTensorRt(options, device);
            }
            Map<String, String> settings = new TreeMap<>(CUDA);
            if (device.provider() == Provider.CUDA) {
                settings.putAll(device.options());
            }
            addCuda(options, device.index(), settings);
        } catch (OrtException e) {
            throw unusable(device, e);
        }
    }

    private static void addTensorRt(SessionOptions options, Device device) throws OrtException {
        try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(device.index())) {
            for (Map.Entry<String, String> setting : device.options().entrySet()) {
                tensorRt.add(setting.getKey(), setting.getValue());
            }
            options.addTensorrt(tensorRt);
        }
    }

    private static void addCuda(SessionOptions options, int index, Map<String, String> settings) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                cuda.add(setting.getKey(), setting.getValue());
            }
            options.addCUDA(cuda);
        }
    }

    /** Why a device other than the CPU does not compute. */
    static ClozeException unusable(Device device, OrtException e) {
        if (device.provider() == Provider.OPENVINO) {
            return ClozeException.resources(
                    "compute on " + device,
                    String.valueOf(e.getMessage()).strip(),
                    "give the path of OpenVINO's plug-in for this ONNX Runtime with --device-option plugin=PATH, or"
                            + " compute on the CPU with --device cpu",
                    e);
        }
        String said = String.valueOf(e.getMessage()).strip();
        Matcher missing = MISSING_LIBRARY.matcher(said);
        return missing.find()
                ? ClozeException.resources(
                        "compute on " + device,
                        "the library " + missing.group(1) + " is not on this node",
                        "install " + (device.provider() == Provider.TENSORRT ? "TensorRT, " : "")
                                + "CUDA 12 and cuDNN 9 there and name their directories in LD_LIBRARY_PATH, or compute"
                                + " on the CPU with --device cpu",
                        e)
                : ClozeException.resources(
                        "compute on " + device,
                        said,
                        "check nvidia-smi and --device-option on the node, or compute on the CPU with --device cpu",
                        e);
    }
}
