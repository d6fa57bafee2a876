package dev.cloze.importing.family;

import dev.cloze.importing.source.Subject;
import dev.cloze.importing.weights.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A checkpoint under the names of today, with a record of what a family's page has used of it. */
final class NamedWeights {
    private final Weights weights;
    private final Subject subject;
    private final Map<String, String> stored = new TreeMap<>();
    private final Set<String> used = new HashSet<>();

    /**
     * Names the tensors of {@code weights} as a model of {@code family} does.
     *
     * @param family which names begin with
     */
    NamedWeights(Weights weights, Family family, Subject subject) {
        this.weights = weights;
        this.subject = subject;
        boolean bare = weights.names().stream().noneMatch(name -> name.startsWith(family.base() + "."));
        for (String name : weights.names()) {
            boolean inBase = bare && family.heads().stream().noneMatch(head -> name.startsWith(head + "."));
            stored.put(modern(inBase ? family.base() + "." + name : name), name);
        }
    }

    /** The first checkpoints have TensorFlow's names of what a layer normalisation learns. */
    private static String modern(String name) {
        return name.replaceAll("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceAll("LayerNorm\\.beta$", "LayerNorm.bias");
    }

    boolean has(String name) {
        return stored.containsKey(name);
    }

    /** The tensor of that name; fails when there is none. */
    Weights.Tensor take(String name) {
        if (!has(name)) {
            throw subject.refuse(
                    "its weights have no tensor " + Subject.shown(name),
                    "use a checkpoint that was saved with its language-model head, and the config.json of it");
        }
        used.add(name);
        return weights.tensor(stored.get(name));
    }

    /** Whether both tensors have the same shape and values; fails when one is not there. */
    boolean areEqual(String name, String other) {
        boolean one = has(name) && has(other) && weights.areOne(stored.get(name), stored.get(other));
        return one || take(name).hasValuesOf(take(other));
    }

    /** Says that {@code name} holds nothing that the network needs. */
    void pass(String name) {
        used.add(name);
    }

    /** Fails when the checkpoint holds more than was used and than {@code ignored} names. */
    void requireAllUsed(Predicate<String> ignored) {
        List<String> left = new ArrayList<>(stored.keySet());
        left.removeIf(name -> used.contains(name) || ignored.test(name));
        if (!left.isEmpty()) {
            throw subject.refuse(
                    "its weights have the tensor " + Subject.shown(left.get(0))
                            + (left.size() > 1 ? " and " + (left.size() - 1) + " more" : "")
                            + ", for which the network that config.json describes has no place",
                    "use the config.json that was saved with the weights, or export the model to ONNX and import that");
        }
    }
}
