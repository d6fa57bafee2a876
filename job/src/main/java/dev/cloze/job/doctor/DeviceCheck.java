package dev.cloze.job.doctor;

import dev.cloze.executor.TaskModel;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.onnx.OnnxSession;

/**
 * Where a task would compute: the device that was asked for, with the libraries it needs.
 *
 * @param request what was asked for
 */
record DeviceCheck(DeviceRequest request) implements Check {
    @Override
    public String name() {
        return "device";
    }

    @Override
    public String look() {
        Device device = TaskModel.choose(request);
        OnnxSession.require(device);
        return device.isGpu() ? device + ", CUDA and cuDNN load" : device.toString();
    }
}
