package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.delivery.ModelFiles;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.DeviceRequest;

/**
 * What scores, and where it computes.
 *
 * @param bundle as it lies on the driver
 * @param location of the bundle as executors see it
 * @param device that was asked for
 */
public record ModelChoice(Bundle bundle, String location, DeviceRequest device) {

    /** The bundle, undamaged, that {@code model} names: a model that {@code models} finds, or the URL of a bundle. */
    public static ModelChoice of(String model, Models models, DeviceRequest device) {
        Bundle bundle = open(model, models);
        models.verify(bundle);
        return of(model, bundle, models, device);
    }

    /** @param bundle that {@code model} names, undamaged */
    public static ModelChoice of(String model, Bundle bundle, Models models, DeviceRequest device) {
        models.requireUsable(bundle);
        String directory = bundle.directory().toAbsolutePath().normalize().toString();
        return new ModelChoice(bundle, ModelFiles.isUrl(model) ? model : directory, device);
    }

    /** The bundle, as far as its manifest tells. */
    public static Bundle open(String model, Models models) {
        return ModelFiles.isUrl(model) ? ModelFiles.fetch(model) : models.open(model);
    }

    /** What executors need to open the model; fails when the model does not have {@code head}. */
    public ModelSpec spec(Head head) {
        return ModelSpec.of(bundle, location, head, device);
    }
}
