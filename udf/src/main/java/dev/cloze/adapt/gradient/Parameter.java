package dev.cloze.adapt.gradient;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A tensor that is trained.
 *
 * @param name of the initialiser in the model's graph
 * @param shape of the tensor
 * @param values in a direct buffer, which training changes
 */
public record Parameter(String name, long[] shape, FloatBuffer values) {
    public int count() {
        return values.limit();
    }

    @Override
    public String toString() {
        return name + Arrays.toString(shape);
    }
}
