package dev.cloze.adapt.gradient;

import dev.cloze.failure.ClozeException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Holds gradients against finite differences of the loss: along its own gradient, the loss of each parameter must rise as fast as the
 * gradient is long.
 */
public final class GradientCheck {
    /** Rounding of 32-bit floats, and the bend of the loss over a step. */
    private static final double TOLERANCE = 0.02;
    /** By how much a step changes the loss, as far as the gradient is right; smaller ones are tried where the loss bends. */
    private static final double[] CHANGES = {0.03, 0.008, 0.002};
    /** Of the longest gradient; what is shorter is rounding, such as of biases of keys, which change nothing. */
    private static final double SHORTEST = 1e-4;

    private GradientCheck() {}

    /** What a parameter's gradient is wrong by. */
    public record Difference(String parameter, double relative) {}

    /** Fails when a gradient of the loss of {@code batch} is not what finite differences say. */
    public static void require(ModelGradient model, List<Parameter> parameters, MaskedBatch batch) {
        largest(model, parameters, batch)
                .filter(found -> !(found.relative() <= TOLERANCE))
                .ifPresent(found -> {
                    throw ClozeException.model(
                            GradientRefusal.ACTION,
                            String.format(
                                    Locale.ROOT,
                                    "the gradient by \"%s\" differs by %.1f %% from finite differences of the loss",
                                    found.parameter(),
                                    100 * found.relative()),
                            "report the model, and train it elsewhere");
                });
    }

    /** The parameter whose gradient differs most. */
    static Optional<Difference> largest(ModelGradient model, List<Parameter> parameters, MaskedBatch batch) {
        float scale = 1f / batch.masked();
        model.lossAndGradients(batch, scale);
        Map<String, FloatBuffer> gradients = model.gradients();
        double longest = parameters.stream()
                .mapToDouble(parameter -> length(gradients.get(parameter.name())))
                .max()
                .orElse(0);
        return parameters.stream()
                .filter(parameter -> !(length(gradients.get(parameter.name())) < SHORTEST * longest))
                .map(parameter -> new Difference(
                        parameter.name(), difference(model, parameter, gradients.get(parameter.name()), batch)))
                .max((a, b) -> Double.compare(a.relative(), b.relative()));
    }

    /** The smallest relative difference over the steps that are tried. */
    private static double difference(
            ModelGradient model, Parameter parameter, FloatBuffer gradient, MaskedBatch batch) {
        double length = length(gradient);
        double smallest = Double.NaN;
        for (double change : CHANGES) {
            double step = change / (length * length);
            double rise =
                    (moved(model, parameter, gradient, step, batch) - moved(model, parameter, gradient, -step, batch))
                            / (2 * step * length);
            double difference = Math.abs(rise - length) / length;
            smallest = Double.isNaN(smallest) ? difference : Math.min(smallest, difference);
            if (smallest <= TOLERANCE / 4) {
                break;
            }
        }
        return smallest;
    }

    /** The loss with the parameter moved by {@code step} times the gradient; the parameter is what it was afterwards. */
    private static double moved(
            ModelGradient model, Parameter parameter, FloatBuffer gradient, double step, MaskedBatch batch) {
        float[] before = new float[parameter.count()];
        parameter.values().get(0, before);
        for (int i = 0; i < before.length; i++) {
            parameter.values().put(i, (float) (before[i] + step * gradient.get(i)));
        }
        double loss = model.loss(batch, 1f / batch.masked());
        parameter.values().put(0, before);
        return loss;
    }

    static double length(FloatBuffer values) {
        double sum = 0;
        for (int i = 0; i < values.limit(); i++) {
            sum += (double) values.get(i) * values.get(i);
        }
        return Math.sqrt(sum);
    }
}
