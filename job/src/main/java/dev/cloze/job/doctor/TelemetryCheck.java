package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import dev.cloze.onnx.OnnxJar;
import dev.cloze.text.SubwordTokenizer;
import java.util.Map;
import java.util.Optional;

/**
 * Nothing is sent and nothing is fetched: no environment variable undoes the settings that keep libraries quiet.
 *
 * @param environment variables of the process
 */
record TelemetryCheck(Map<String, String> environment) implements Check {
    private static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";
    /** The first minor version of ONNX Runtime 1 that sends telemetry by default. */
    private static final int TALKATIVE = 29;

    @Override
    public String name() {
        return "network";
    }

    @Override
    public String look() {
        Optional<String> undone = SubwordTokenizer.undone(environment);
        if (undone.isPresent()) {
            throw ClozeException.resources(
                    "keep the tokenizers library off the network",
                    "the environment variable " + undone.get() + "=" + environment.get(undone.get())
                            + " undoes Cloze's setting",
                    "unset it for the driver and the executors (spark.executorEnv." + undone.get() + ")",
                    null);
        }
        String onnxRuntime = OnnxJar.version();
        if (sendsTelemetry(onnxRuntime) && !"1".equals(environment.get(TELEMETRY_SWITCH))) {
            throw ClozeException.resources(
                    "keep ONNX Runtime off the network",
                    "version " + onnxRuntime + " sends telemetry",
                    "use 1.28.0, or set " + TELEMETRY_SWITCH + "=1 for the driver and the executors (spark.executorEnv."
                            + TELEMETRY_SWITCH + ")",
                    null);
        }
        return "tokenizers offline, ONNX Runtime without telemetry";
    }

    static boolean sendsTelemetry(String version) {
        String[] parts = version.split("\\.");
        return parts.length > 1
                && parts[0].equals("1")
                && parts[1].matches("\\d+")
                && Integer.parseInt(parts[1]) >= TALKATIVE;
    }
}
