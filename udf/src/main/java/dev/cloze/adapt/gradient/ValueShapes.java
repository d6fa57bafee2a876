package dev.cloze.adapt.gradient;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a graph's values before any rule is applied.
 *
 * @param shapes of values in a run with sizes that are not mistaken for each other: which axes are broadcast, and how many there are
 * @param constants whole numbers that do not depend on any input
 * @param parameters names of what is trained
 */
record ValueShapes(Map<String, long[]> shapes, Map<String, long[]> constants, Set<String> parameters) {
    long[] of(String value) {
        long[] shape = shapes.get(value);
        if (shape == null) {
            throw new IllegalStateException("No shape of " + value);
        }
        return shape;
    }

    Optional<long[]> constant(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    boolean isParameter(String value) {
        return parameters.contains(value);
    }
}
