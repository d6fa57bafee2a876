package dev.cloze.job.models;

import dev.cloze.bundle.Bundle;
import dev.cloze.model.DeviceWish;
import dev.cloze.model.ModelSpec;
import dev.cloze.model.Purpose;

/**
 * What scores, and where it computes.
 *
 * @param bundle as it lies on the driver
 * @param location of the bundle as executors see it
 * @param device that was asked for
 */
public record ModelChoice(Bundle bundle, String location, DeviceWish device) {

    /** What executors are told; fails when the model is not fit for {@code purpose}. */
    public ModelSpec spec(Purpose purpose) {
        return ModelSpec.of(bundle, location, purpose, device);
    }
}
