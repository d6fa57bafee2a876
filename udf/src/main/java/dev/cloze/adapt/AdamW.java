package dev.cloze.adapt;

import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.importing.graph.TensorValues;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), in the order of PyTorch's operations. What decays is what decays in
 * transformers' Trainer: matrices, unless they are called biases, as the relative attention bias of MPNet is; vectors do not.
 */
final class AdamW {
    /** Names of parameters that the Trainer does not decay. */
    private static final Pattern WITHOUT_DECAY = Pattern.compile("bias|layernorm|rmsnorm|(?:^|[._])norm(?:$|[./])");

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    /** Elements that are worked on at a time. */
    private static final int PART = 1 << 14;

    private final List<Parameter> parameters;
    private final double weightDecay;
    private final Map<String, FloatBuffer> first = new LinkedHashMap<>();
    private final Map<String, FloatBuffer> second = new LinkedHashMap<>();

    AdamW(List<Parameter> parameters, double weightDecay) {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        for (Parameter parameter : parameters) {
            first.put(parameter.name(), TensorValues.direct(parameter.count()));
            second.put(parameter.name(), TensorValues.direct(parameter.count()));
        }
    }

    /** Means of gradients, by the parameter. */
    Map<String, FloatBuffer> first() {
        return first;
    }

    /** Means of squared gradients, by the parameter. */
    Map<String, FloatBuffer> second() {
        return second;
    }

    /**
     * One step.
     *
     * @param number of the step, counted from 1
     * @param gradients by the parameter
     * @param clip what gradients are multiplied by before anything else
     */
    void step(long number, double learningRate, Map<String, FloatBuffer> gradients, double clip) {
        double correction1 = 1 - Math.pow(BETA1, number);
        double correction2 = Math.sqrt(1 - Math.pow(BETA2, number));
        for (Parameter parameter : parameters) {
            double decay = decays(parameter) ? weightDecay : 0;
            Update update = new Update(
                    (float) clip, (float) (1 - learningRate * decay), (float) (learningRate / correction1), (float)
                            correction2);
            update.apply(
                    parameter.values(),
                    gradients.get(parameter.name()),
                    first.get(parameter.name()),
                    second.get(parameter.name()));
        }
    }

    private static boolean decays(Parameter parameter) {
        return parameter.shape().length > 1
                && !WITHOUT_DECAY
                        .matcher(parameter.name().toLowerCase(Locale.ROOT))
                        .find();
    }

    /** What is the same for all elements of a parameter. */
    private record Update(float clip, float shrink, float stepSize, float correction) {
        void apply(FloatBuffer values, FloatBuffer gradient, FloatBuffer first, FloatBuffer second) {
            int part = Math.min(PART, values.limit());
            float[] p = new float[part];
            float[] g = new float[part];
            float[] m = new float[part];
            float[] v = new float[part];
            for (int from = 0; from < values.limit(); from += part) {
                int count = Math.min(part, values.limit() - from);
                values.get(from, p, 0, count);
                gradient.get(from, g, 0, count);
                first.get(from, m, 0, count);
                second.get(from, v, 0, count);
                apply(count, p, g, m, v);
                values.put(from, p, 0, count);
                first.put(from, m, 0, count);
                second.put(from, v, 0, count);
            }
        }

        private void apply(int count, float[] p, float[] g, float[] m, float[] v) {
            float towards = (float) (1 - BETA1);
            float keep = (float) BETA2;
            float fresh = (float) (1 - BETA2);
            float epsilon = (float) EPSILON;
            for (int i = 0; i < count; i++) {
                float slope = g[i] * clip;
                m[i] += towards * (slope - m[i]);
                v[i] = keep * v[i] + fresh * slope * slope;
                p[i] = p[i] * shrink - stepSize * (m[i] / ((float) Math.sqrt(v[i]) / correction + epsilon));
            }
        }
    }
}
