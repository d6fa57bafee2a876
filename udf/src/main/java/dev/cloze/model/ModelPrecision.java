package dev.cloze.model;

import dev.cloze.settings.Labels;

/** How wide the numbers are that a model's products are computed with. */
public enum ModelPrecision {
    /** Floats of 32 bits, as models are trained. */
    FP32,
    /** Integers of 8 bits, made of a model in 32 bits by calibration. */
    INT8;

    /** As manifests have it. */
    public String label() {
        return Labels.of(this);
    }
}
