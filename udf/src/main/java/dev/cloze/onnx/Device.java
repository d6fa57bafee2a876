package dev.cloze.onnx;

import java.util.Map;

/**
 * Where a session computes.
 *
 * @param provider that does it
 * @param index of the GPU on its node; 0 of the CPU
 * @param options of the provider under ONNX Runtime's own names, laid over Cloze's defaults
 */
public record Device(Provider provider, int index, Map<String, String> options) {
    private static final Device CPU = new Device(Provider.CPU, 0, Map.of());

    public Device {
        options = Map.copyOf(options);
    }

    public static Device cpu() {
        return CPU;
    }

    public boolean isGpu() {
        return provider != Provider.CPU;
    }

    /** As a user writes it: {@code cpu}, {@code cuda:0}. */
    @Override
    public String toString() {
        return isGpu() ? provider.label() + ":" + index : provider.label();
    }
}
