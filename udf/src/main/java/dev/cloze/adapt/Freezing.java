package dev.cloze.adapt;

import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.failure.ClozeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which weights stay as they are, by the names that transformers gives them.
 *
 * @param patterns {@code embeddings}, {@code layers.FROM-TO} or {@code layers.N}, or names in which {@code *} stands for anything
 */
record Freezing(List<String> patterns) {
    private static final String EMBEDDINGS = "embeddings";
    private static final Pattern OF_EMBEDDINGS = Pattern.compile("(?:^|\\.)embeddings\\.");
    private static final Pattern LAYERS = Pattern.compile("layers\\.(\\d{1,4})(?:-(\\d{1,4}))?");
    private static final Pattern OF_LAYER = Pattern.compile("(?:^|\\.)layers?\\.(\\d{1,4})\\.");
    private static final int SHOWN = 5;

    /** {@code model} with fewer weights that are trained; fails when a pattern names none, or all are named. */
    TrainableModel of(TrainableModel model) {
        Map<String, String> names = names(model);
        Set<String> frozen = new HashSet<>();
        for (String pattern : patterns) {
            List<String> matching = matching(pattern, names);
            if (matching.isEmpty()) {
                throw unknown(pattern, names);
            }
            frozen.addAll(matching);
        }
        if (frozen.size() == names.size()) {
            throw ClozeException.user(
                    "freeze " + String.join(", ", patterns), "no weight is left to train", "freeze fewer weights");
        }
        return frozen.isEmpty() ? model : model.withFrozen(frozen);
    }

    /** Names of transformers by those of the graph, which stand in where the graph does not tell the others. */
    private static Map<String, String> names(TrainableModel model) {
        TensorNames names = new TensorNames(model);
        Map<String, String> found = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            found.put(
                    parameter.name(),
                    names.of(parameter).map(TensorNames.Name::name).orElse(parameter.name()));
        }
        return found;
    }

    private static List<String> matching(String pattern, Map<String, String> names) {
        Predicate<String> wanted = predicate(pattern);
        List<String> matching = new ArrayList<>();
        names.forEach((parameter, name) -> {
            if (wanted.test(name)) {
                matching.add(parameter);
            }
        });
        return matching;
    }

    private static Predicate<String> predicate(String pattern) {
        if (pattern.equals(EMBEDDINGS)) {
            return OF_EMBEDDINGS.asPredicate();
        }
        Matcher layers = LAYERS.matcher(pattern);
        if (layers.matches()) {
            int from = Integer.parseInt(layers.group(1));
            int to = layers.group(2) == null ? from : Integer.parseInt(layers.group(2));
            return name -> {
                Matcher layer = OF_LAYER.matcher(name);
                return layer.find()
                        && Integer.parseInt(layer.group(1)) >= from
                        && Integer.parseInt(layer.group(1)) <= to;
            };
        }
        String[] parts = pattern.split("\\*", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Pattern.quote(parts[i]);
        }
        return Pattern.compile(String.join(".*", parts)).asMatchPredicate();
    }

    private static ClozeException unknown(String pattern, Map<String, String> names) {
        return ClozeException.user(
                "freeze " + pattern,
                "no weight of the model has such a name; some of the names are "
                        + String.join(", ", names.values().stream().limit(SHOWN).toList()),
                "write embeddings, layers.0-5, or a name in which * stands for anything");
    }
}
