package dev.cloze.onnx;

import dev.cloze.failure.ClozeException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The device that a user asked for. Which one it is gets settled where a task runs ({@link #choose}); a GPU that was asked for
 * and cannot be had is a failure, never the CPU instead. Not a record: Kryo cannot read those.
 */
public final class DeviceRequest implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern FORM = Pattern.compile("(auto|cpu|openvino|(?:cuda|tensorrt)(?::\\d{1,4})?)");
    private static final String AUTO = "auto";
    private static final String CPU_INSTEAD = "or compute on the CPU with --device cpu";

    private final String text;
    private final TreeMap<String, String> options;
    private final Prepacking prepacking;

    private DeviceRequest(String text, Map<String, String> options, Prepacking prepacking) {
        this.text = text;
        this.options = new TreeMap<>(options);
        this.prepacking = prepacking;
    }

    /** Whether {@link #of} understands {@code text}. */
    public static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * @param text {@code auto}, {@code cpu}, {@code openvino}, {@code cuda} or {@code tensorrt}; of the last two also with the number
     *     of a GPU, as in {@code cuda:1}
     * @param options of the provider under ONNX Runtime's own names; of a plug-in also its path, see {@link PluginOffer}
     */
    public static DeviceRequest of(String text, Map<String, String> options) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(text);
        }
        return new DeviceRequest(text, options, Prepacking.AUTO);
    }

    /** A GPU where there is one for the task, otherwise the CPU. */
    public static DeviceRequest auto() {
        return of(AUTO, Map.of());
    }

    /** The same, with weights packed or not where the CPU computes. */
    public DeviceRequest prepacking(Prepacking wanted) {
        return new DeviceRequest(text, options, wanted);
    }

    /** The same, or the CPU where no device was named. */
    public DeviceRequest cpuUnlessNamed() {
        return text.equals(AUTO) ? new DeviceRequest(Provider.CPU.label(), options, prepacking) : this;
    }

    /** The device for a task that runs at {@code place}. */
    public Device choose(TaskResources place) {
        Optional<Provider> named = Arrays.stream(Provider.values())
                .filter(provider -> text.startsWith(provider.label()))
                .findFirst();
        Provider provider = named.orElseGet(() -> isGpuFor(place) ? Provider.CUDA : Provider.CPU);
        if (provider == Provider.CPU) {
            return Device.cpu().prepacking(prepacking);
        }
        if (provider == Provider.OPENVINO) {
            return new Device(provider, 0, options);
        }
        if (!place.providers().contains(provider)) {
            throw unusable(
                    "the ONNX Runtime on this node has no " + provider.officialName() + ", it has "
                            + place.providers().stream()
                                    .map(Provider::officialName)
                                    .sorted()
                                    .toList(),
                    "put com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime, " + CPU_INSTEAD);
        }
        return new Device(provider, index(place), options);
    }

    /** What {@code auto} means: Spark gave the task a GPU, or all is one machine that has one, and the library for it. */
    private static boolean isGpuFor(TaskResources place) {
        boolean here = place.local() && place.gpus() > 0 && place.providers().contains(Provider.CUDA);
        return place.assigned().isPresent() || here;
    }

    private int index(TaskResources place) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            return Integer.parseInt(text.substring(colon + 1));
        }
        if (place.assigned().isPresent()) {
            return number(place.assigned().get());
        }
        if (place.local()) {
            return place.gpus() == 0 ? 0 : place.turn() % place.gpus();
        }
        throw unusable(
                "Spark gave the task no GPU",
                "submit with --properties-file conf/gpu.properties, name a GPU with --device " + text + ":0, "
                        + CPU_INSTEAD);
    }

    private int number(String address) {
        try {
            return Integer.parseInt(address);
        } catch (NumberFormatException e) {
            throw unusable(
                    "Spark gave the task the GPU " + address + ", which is no number",
                    "let spark.executor.resource.gpu.discoveryScript print numbers, as conf/gpus.sh does");
        }
    }

    private ClozeException unusable(String why, String repair) {
        return ClozeException.resources("use a GPU (--device " + text + ")", why, repair, null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceRequest request
                && text.equals(request.text)
                && options.equals(request.options)
                && prepacking == request.prepacking;
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, options, prepacking);
    }

    @Override
    public String toString() {
        return text;
    }
}
