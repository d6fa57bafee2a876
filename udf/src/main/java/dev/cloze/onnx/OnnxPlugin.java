package dev.cloze.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtEpDevice;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Execution providers that are libraries of their own: ONNX Runtime loads one, asks it for devices, and takes those of them that fit. */
final class OnnxPlugin {
    /** Libraries that this JVM has loaded; a second time would be an error. */
    private static final Set<String> LOADED = new HashSet<>();

    private OnnxPlugin() {}

    /** Makes sessions with {@code options} compute on {@code device}; fails when its plug-in offers none of that kind here. */
    static synchronized void add(SessionOptions options, Device device) throws OrtException {
        OrtEnvironment environment = OnnxRuntime.environment();
        String library = device.options().get(PluginOffer.PLUGIN);
        if (!LOADED.contains(library)) {
            environment.registerExecutionProviderLibrary("cloze " + library, library);
            LOADED.add(library);
        }
        List<OrtEpDevice> devices = environment.getEpDevices();
        List<PluginOffer> offers = devices.stream()
                .map(found -> new PluginOffer(
                        found.getEpName(), found.getDevice().getType().name()))
                .toList();
        OrtEpDevice chosen = devices.get(PluginOffer.choose(device, offers));
        Map<String, String> settings = new TreeMap<>(device.options());
        settings.keySet().removeAll(PluginOffer.OWN);
        options.addExecutionProvider(List.of(chosen), settings);
    }
}
