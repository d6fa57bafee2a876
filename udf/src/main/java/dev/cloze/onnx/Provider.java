package dev.cloze.onnx;

import java.util.Locale;

/** An execution provider of ONNX Runtime that Cloze computes with. */
public enum Provider {
    CPU("CPUExecutionProvider"),
    CUDA("CUDAExecutionProvider"),
    TENSORRT("TensorrtExecutionProvider"),
    /** Comes as a plug-in, whose path the user gives. */
    OPENVINO("OpenVINOExecutionProvider");

    private final String officialName;

    Provider(String officialName) {
        this.officialName = officialName;
    }

    /** What ONNX Runtime calls it. */
    public String officialName() {
        return officialName;
    }

    /** What a user calls it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
