package dev.cloze.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeviceRequestTest {
    private static final Set<Provider> WITHOUT_GPU = EnumSet.of(Provider.CPU);
    private static final Set<Provider> WITH_GPU = EnumSet.allOf(Provider.class);

    @Test
    void theCpuIsTheCpuWhateverElseIsThere() {
        assertThat(request("cpu").choose(onCluster("3", WITH_GPU))).isEqualTo(Device.cpu());
    }

    @Test
    void autoIsTheGpuThatSparkGaveToTheTask() {
        assertThat(request("auto").choose(onCluster("3", WITH_GPU))).hasToString("cuda:3");
        assertThat(request("auto").choose(onCluster(null, WITH_GPU))).hasToString("cpu");
    }

    @Test
    void autoOnOneMachineIsAGpuWhenTheMachineAndTheLibraryHaveOne() {
        assertThat(request("auto").choose(here(1, 0, WITH_GPU))).hasToString("cuda:0");
        assertThat(request("auto").choose(here(0, 0, WITH_GPU))).hasToString("cpu");
        assertThat(request("auto").choose(here(1, 0, WITHOUT_GPU))).hasToString("cpu");
    }

    @Test
    void tasksOfOneMachineTakeItsGpusInTurn() {
        assertThat(List.of(0, 1, 2, 3))
                .extracting(
                        turn -> request("cuda").choose(here(2, turn, WITH_GPU)).index())
                .containsExactly(0, 1, 0, 1);
    }

    @Test
    void aGpuThatIsNamedIsTakenWhateverSparkGave() {
        assertThat(request("cuda:1").choose(onCluster("3", WITH_GPU))).hasToString("cuda:1");
        assertThat(request("tensorrt:1").choose(onCluster(null, WITH_GPU))).hasToString("tensorrt:1");
        assertThat(request("tensorrt").choose(onCluster("2", WITH_GPU))).hasToString("tensorrt:2");
    }

    @Test
    void optionsOfTheProviderTravelWithTheDevice() {
        DeviceRequest request = DeviceRequest.of("cuda", Map.of("gpu_mem_limit", "1000"));

        assertThat(request.choose(onCluster("0", WITH_GPU)).options())
                .containsExactly(Map.entry("gpu_mem_limit", "1000"));
    }

    @Test
    void aGpuThatCannotBeHadIsAFailureAndNeverTheCpu() {
        assertThatThrownBy(() -> request("cuda").choose(onCluster("0", WITHOUT_GPU)))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.RESOURCES))
                .hasMessage("Cannot use a GPU (--device cuda): the ONNX Runtime on this node has no"
                        + " CUDAExecutionProvider, it has [CPUExecutionProvider]; put"
                        + " com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime, or compute on"
                        + " the CPU with --device cpu");
        assertThatThrownBy(() -> request("auto").choose(onCluster("0", WITHOUT_GPU)))
                .hasMessageContaining("(--device auto): the ONNX Runtime on this node has no CUDAExecutionProvider");
        assertThatThrownBy(() -> request("cuda").choose(onCluster(null, WITH_GPU)))
                .hasMessage(
                        "Cannot use a GPU (--device cuda): Spark gave the task no GPU; submit with --properties-file"
                                + " conf/gpu.properties, name a GPU with --device cuda:0, or compute on the CPU with"
                                + " --device cpu");
        assertThatThrownBy(() -> request("cuda").choose(onCluster("GPU-1f2e", WITH_GPU)))
                .hasMessageContaining("Spark gave the task the GPU GPU-1f2e, which is no number; let"
                        + " spark.executor.resource.gpu.discoveryScript print numbers, as conf/gpus.sh does");
    }

    @Test
    void aPluginIsTakenWhateverOnnxRuntimeWasBuiltWith() {
        DeviceRequest request = DeviceRequest.of("openvino", Map.of("plugin", "/opt/p.so"));

        Device device = request.choose(onCluster(null, WITHOUT_GPU));

        assertThat(device).hasToString("openvino");
        assertThat(device.isGpu()).isFalse();
        assertThat(device.options()).containsExactly(Map.entry("plugin", "/opt/p.so"));
    }

    @Test
    void whetherWeightsArePackedIsSettledForTheCpuOnly() {
        DeviceRequest packed = request("cpu").prepacking(Prepacking.ON);

        assertThat(packed).isNotEqualTo(request("cpu"));
        assertThat(packed.choose(here(0, 0, WITHOUT_GPU)).options())
                .containsExactly(Map.entry("session.disable_prepacking", "0"));
        assertThat(request("cpu")
                        .prepacking(Prepacking.OFF)
                        .choose(here(0, 0, WITHOUT_GPU))
                        .options())
                .containsExactly(Map.entry("session.disable_prepacking", "1"));
        assertThat(request("cuda")
                        .prepacking(Prepacking.ON)
                        .choose(here(1, 0, WITH_GPU))
                        .options())
                .isEmpty();
    }

    @Test
    void whatIsLeftToTheModelIsSettledOnce() {
        Device settled = Device.cpu().prepacking(Prepacking.OFF);

        assertThat(Device.cpu().prepacking(Prepacking.AUTO)).isEqualTo(Device.cpu());
        assertThat(settled.prepacking(Prepacking.ON)).isEqualTo(settled);
    }

    @Test
    void onlyGpusHaveNumbers() {
        assertThat(List.of("auto", "cpu", "openvino", "cuda", "tensorrt", "cuda:0", "tensorrt:12"))
                .allMatch(DeviceRequest::isWellFormed);
        assertThat(List.of(
                        "", "gpu", "cpu:0", "openvino:0", "auto:1", "cuda:", "cuda:x", "cuda:-1", "CUDA", "cuda:99999"))
                .noneMatch(DeviceRequest::isWellFormed);
    }

    private static DeviceRequest request(String text) {
        return DeviceRequest.of(text, Map.of());
    }

    private static TaskResources onCluster(String assigned, Set<Provider> providers) {
        return new TaskResources(Optional.ofNullable(assigned), false, 8, 0, providers);
    }

    private static TaskResources here(int gpus, int turn, Set<Provider> providers) {
        return new TaskResources(Optional.empty(), true, gpus, turn, providers);
    }
}
