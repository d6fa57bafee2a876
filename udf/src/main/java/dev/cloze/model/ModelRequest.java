package dev.cloze.model;

import dev.cloze.onnx.DeviceRequest;
import java.util.Optional;

/**
 * The model that a user asked for.
 *
 * @param name of an imported or built-in model, a directory, or a URL
 * @param precision that of the model when absent
 * @param calibration a file of texts, one a line, to make an 8-bit version with
 * @param device where it computes
 */
public record ModelRequest(
        String name, Optional<ModelPrecision> precision, Optional<String> calibration, DeviceRequest device) {}
