package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.delivery.ModelFiles;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.model.Head;
import dev.cloze.model.ModelPrecision;
import dev.cloze.model.ModelRequest;
import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.DeviceRequest;
import java.util.function.Supplier;

/**
 * What scores, and where it computes.
 *
 * @param bundle as it lies on the driver
 * @param location of the bundle as executors see it
 * @param device that was asked for
 */
public record ModelChoice(Bundle bundle, String location, DeviceRequest device) {

    /**
     * The bundle, undamaged, that {@code request} names, in the precision that it wants.
     *
     * @param sample gives texts like those that will be scored, where an 8-bit version is to be made and no file of texts is named
     */
    public static ModelChoice of(ModelRequest request, Models models, Supplier<CalibrationSample> sample) {
        Bundle bundle = open(request.name(), models);
        String precision = bundle.manifest().precision();
        String wanted = request.precision().map(ModelPrecision::label).orElse(precision);
        if (wanted.equals(precision)) {
            models.verify(bundle);
            return of(request.name(), bundle, models, request.device());
        }
        if (!wanted.equals(ModelPrecision.INT8.label())) {
            throw ClozeException.user(
                    "compute model " + request.name() + " in " + wanted,
                    "its precision is " + precision,
                    "leave --precision out, or name the model that it was made of");
        }
        Bundle eightBit = models.eightBit(bundle, request.calibration(), sample);
        models.verify(eightBit);
        return of(eightBit.directory().toString(), eightBit, models, request.device());
    }

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
        // ONNX Runtime has no 8-bit products of this kind on a GPU.
        DeviceRequest suitable = bundle.manifest().calibration() == null ? device : device.cpuUnlessNamed();
        return new ModelChoice(bundle, ModelFiles.isUrl(model) ? model : directory, suitable);
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
