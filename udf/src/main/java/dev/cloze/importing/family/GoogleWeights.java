package dev.cloze.importing.family;

import dev.cloze.importing.weights.Weights;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tensors of Google's first BERT (google-research/bert {@code modeling.py}) under the names of transformers. Its kernels are {@code [in,
 * out]}.
 */
public final class GoogleWeights implements Weights {
    private static final String KERNEL = "/kernel";
    private final Weights weights;
    private final Map<String, String> stored = new TreeMap<>();

    public GoogleWeights(Weights weights) {
        this.weights = weights;
        weights.names().stream()
                .filter(name -> name.startsWith("bert/") || name.startsWith("cls/"))
                .forEach(name -> stored.put(modern(name), name));
    }

    private static String modern(String name) {
        return name.replaceAll("_embeddings$", "_embeddings/weight")
                .replaceAll("/(kernel|gamma)$", "/weight")
                .replaceAll("/(beta|output_bias)$", "/bias")
                .replaceAll("/layer_(\\d+)/", "/layer/$1/")
                .replace('/', '.');
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(stored.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        String google = stored.get(name);
        Tensor tensor = weights.tensor(google);
        return google.endsWith(KERNEL) ? tensor.transposed() : tensor;
    }
}
