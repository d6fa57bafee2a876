package dev.cloze.adapt.gradient;

import dev.cloze.failure.ClozeException;
import dev.cloze.mask.Draw;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Holds gradients against finite differences of the loss: each parameter is moved in a direction that was drawn without looking at its
 * gradient, so that a part of the gradient that is missing is seen as well.
 */
public final class GradientCheck {
    /** Rounding of 32-bit floats, and the bend of the loss over a step. */
    private static final double TOLERANCE = 0.02;
    /** About how much a step changes the loss; smaller ones are tried where the loss bends. */
    private static final double[] CHANGES = {0.008, 0.002, 0.0005};
    /** Of the longest gradient; differences are taken relative to this where a gradient is shorter, such as by biases of keys. */
    private static final double SHORTEST = 0.01;

    private static final int DIRECTIONS_OF_SHORT = 3;
    /** Names the drawing of directions. */
    private static final String DIRECTION = "direction of ";

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
                .map(parameter -> new Difference(
                        parameter.name(),
                        difference(
                                model, parameter, SHORTEST * longest, length(gradients.get(parameter.name())), batch)))
                .max((a, b) -> Double.compare(a.relative(), b.relative()));
    }

    /** A gradient that is missing may be at right angles to one direction, so a short one is held against several. */
    private static double difference(
            ModelGradient model, Parameter parameter, double shortest, double length, MaskedBatch batch) {
        long seed = seed(parameter);
        return LongStream.range(0, length < shortest ? DIRECTIONS_OF_SHORT : 1)
                .mapToDouble(i -> difference(model, parameter, seed + i, Math.max(shortest, length), batch))
                .max()
                .orElseThrow();
    }

    /** The smallest difference over the steps that are tried, relative to {@code length}. */
    private static double difference(
            ModelGradient model, Parameter parameter, long seed, double length, MaskedBatch batch) {
        if (length == 0) {
            return Double.NaN;
        }
        double expected = along(seed, model.gradients().get(parameter.name()));
        double smallest = Double.NaN;
        for (double change : CHANGES) {
            double step = change / length;
            double rise = (moved(model, parameter, seed, step, batch) - moved(model, parameter, seed, -step, batch))
                    / (2 * step);
            double difference = Math.abs(rise - expected) / length;
            smallest = Double.isNaN(smallest) ? difference : Math.min(smallest, difference);
            if (smallest <= TOLERANCE / 4) {
                break;
            }
        }
        return smallest;
    }

    private static long seed(Parameter parameter) {
        return (long) (Draw.of(0, DIRECTION + parameter.name(), 0, 0).uniform(0) * Long.MAX_VALUE);
    }

    /** 1 or -1 for an element, by the finalizer of SplitMix64. */
    private static int sign(long seed, int element) {
        long bits = seed + element * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits < 0 ? -1 : 1;
    }

    /** The gradient's product with the direction. */
    private static double along(long seed, FloatBuffer gradient) {
        double sum = 0;
        for (int i = 0; i < gradient.limit(); i++) {
            sum += sign(seed, i) * (double) gradient.get(i);
        }
        return sum;
    }

    /** The loss with the parameter moved by {@code step} times the direction; the parameter is what it was afterwards. */
    private static double moved(ModelGradient model, Parameter parameter, long seed, double step, MaskedBatch batch) {
        float[] before = new float[parameter.count()];
        parameter.values().get(0, before);
        for (int i = 0; i < before.length; i++) {
            parameter.values().put(i, (float) (before[i] + step * sign(seed, i)));
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
