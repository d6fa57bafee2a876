package dev.cloze.onnx;

import dev.cloze.failure.ClozeException;
import java.util.List;
import java.util.Set;

/**
 * A device that a plug-in of ONNX Runtime offers.
 *
 * @param provider the execution provider
 * @param hardware {@code CPU}, {@code GPU} or {@code NPU}
 */
record PluginOffer(String provider, String hardware) {
    /** The path of the plug-in's library, among the options of a device. */
    static final String PLUGIN = "plugin";
    /** Which hardware computes, likewise. */
    static final String HARDWARE = "hardware";
    /** Options that are not the provider's. */
    static final Set<String> OWN = Set.of(PLUGIN, HARDWARE);

    private static final String DEFAULT_HARDWARE = "CPU";

    /** The number of the first of {@code offers} that {@code device} means; fails when there is none. */
    static int choose(Device device, List<PluginOffer> offers) {
        String hardware = device.options().getOrDefault(HARDWARE, DEFAULT_HARDWARE);
        for (int i = 0; i < offers.size(); i++) {
            PluginOffer offer = offers.get(i);
            if (offer.provider.startsWith(device.provider().officialName())
                    && offer.hardware.equalsIgnoreCase(hardware)) {
                return i;
            }
        }
        throw ClozeException.resources(
                "compute on " + device,
                "the plug-in " + device.options().get(PLUGIN) + " offers no " + hardware
                        + " here; what ONNX Runtime has is " + offers,
                "use a machine with an Intel processor, name another one with --device-option hardware=GPU, or compute"
                        + " with --device cpu",
                null);
    }

    @Override
    public String toString() {
        return provider + " on " + hardware;
    }
}
