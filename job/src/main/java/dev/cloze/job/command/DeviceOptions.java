package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.onnx.DeviceRequest;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the model computes. */
@Section(HelpPage.ENGINE)
final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto: a GPU where Spark gives one to the task, or where this machine has one and"
                    + " onnxruntime_gpu is there, otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a"
                    + " node (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--device-option",
            paramLabel = "KEY=VALUE",
            description = "An option of ONNX Runtime's CUDA or TensorRT provider, such as gpu_mem_limit=8589934592."
                    + " Repeatable.")
    private Map<String, String> options = Map.of();

    void check(Problems problems) {
        problems.require(
                DeviceRequest.isWellFormed(device),
                "--device must be auto, cpu, cuda, tensorrt, or a GPU such as cuda:0, it is " + device);
        problems.require(
                options.isEmpty() || !device.equals("cpu") && !device.equals("auto"),
                "--device-option needs --device cuda or tensorrt");
    }

    DeviceRequest request() {
        return DeviceRequest.of(device, options);
    }
}
