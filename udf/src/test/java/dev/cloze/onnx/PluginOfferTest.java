package dev.cloze.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluginOfferTest {
    private static final PluginOffer OWN_CPU = new PluginOffer("CPUExecutionProvider", "CPU");
    private static final PluginOffer CPU = new PluginOffer("OpenVINOExecutionProvider", "CPU");
    private static final PluginOffer GPU = new PluginOffer("OpenVINOExecutionProvider.GPU", "GPU");

    @Test
    void theProcessorComputesWhereNothingElseIsNamed() {
        assertThat(PluginOffer.choose(device(Map.of("plugin", "p.so")), List.of(OWN_CPU, GPU, CPU)))
                .isEqualTo(2);
    }

    @Test
    void otherHardwareIsNamedByAnOption() {
        assertThat(PluginOffer.choose(device(Map.of("plugin", "p.so", "hardware", "gpu")), List.of(OWN_CPU, CPU, GPU)))
                .isEqualTo(2);
    }

    @Test
    void aMachineForWhichThePluginHasNothingIsAFailureAndNeverTheCpu() {
        assertThatThrownBy(() -> PluginOffer.choose(device(Map.of("plugin", "p.so")), List.of(OWN_CPU)))
                .hasMessage("Cannot compute on openvino: the plug-in p.so offers no CPU here; what ONNX Runtime has is"
                        + " [CPUExecutionProvider on CPU]; use a machine with an Intel processor, name another one with"
                        + " --device-option hardware=GPU, or compute with --device cpu");
    }

    @Test
    void aPluginThatIsNotThereIsNamed() {
        Device device = device(Map.of("plugin", "/nowhere/p.so"));

        assertThatThrownBy(() -> OnnxSession.require(device))
                .hasMessageStartingWith("Cannot compute on openvino: ")
                .hasMessageContaining("/nowhere/p.so")
                .hasMessageEndingWith("; give the path of OpenVINO's plug-in for this ONNX Runtime with --device-option"
                        + " plugin=PATH, or compute on the CPU with --device cpu");
    }

    private static Device device(Map<String, String> options) {
        return new Device(Provider.OPENVINO, 0, options);
    }
}
