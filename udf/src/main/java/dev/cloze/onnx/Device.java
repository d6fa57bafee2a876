package dev.cloze.onnx;

import java.util.Map;

/**
 * Where a session computes.
 *
 * @param provider that does it
 * @param index of the GPU on its node; 0 of the CPU
 * @param options of the provider, or of sessions on the CPU, under ONNX Runtime's own names, laid over Cloze's defaults
 */
public record Device(Provider provider, int index, Map<String, String> options) {
    private static final Device CPU = new Device(Provider.CPU, 0, Map.of());
    private static final String WITHOUT_PREPACKING = "session.disable_prepacking";

    public Device {
        options = Map.copyOf(options);
    }

    public static Device cpu() {
        return CPU;
    }

    /** The same with {@code wanted}, unless it was settled before or is left to the model; only the CPU is asked. */
    public Device prepacking(Prepacking wanted) {
        if (provider != Provider.CPU || wanted == Prepacking.AUTO || options.containsKey(WITHOUT_PREPACKING)) {
            return this;
        }
        return new Device(provider, index, Map.of(WITHOUT_PREPACKING, wanted == Prepacking.ON ? "0" : "1"));
    }

    public boolean isGpu() {
        return provider == Provider.CUDA || provider == Provider.TENSORRT;
    }

    /** As a user writes it: {@code cpu}, {@code cuda:0}. */
    @Override
    public String toString() {
        return isGpu() ? provider.label() + ":" + index : provider.label();
    }
}
