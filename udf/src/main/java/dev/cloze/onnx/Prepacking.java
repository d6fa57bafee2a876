package dev.cloze.onnx;

/** Whether ONNX Runtime copies weights into the order in which the processor reads them. */
public enum Prepacking {
    /** Of an 8-bit model on the CPU, whose copy is small. */
    AUTO,
    ON,
    OFF
}
