package dev.cloze.hub;

import dev.cloze.importing.family.Families;
import dev.cloze.importing.layout.GraphChoice;
import dev.cloze.importing.layout.WeightFiles;
import dev.cloze.importing.source.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What an import needs of a repository: the small files that describe the model, and its weights or one ONNX export. Weights as
 * safetensors are preferred where the network of the family can be built, because every repository has them once and in the precision
 * in which they were trained.
 *
 * @param graph path of the export; absent where weights were chosen
 * @param export path of the plain export that is left aside for weights
 * @param files paths of all that is needed, the small files first
 */
record Selection(Optional<String> graph, Optional<String> export, List<String> files) {
    static final String README = "README.md";
    /** Configuration and tokenizer in every form that transformers saves, and what names the licence. */
    private static final Set<String> SMALL = Set.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "sentencepiece.bpe.model",
            "spiece.model",
            "spm.model",
            README);

    private static final Set<String> WEIGHTS = Set.of("safetensors", "bin", "h5", "msgpack", "ot", "gguf", "pt", "pth");

    /**
     * Of a repository; fails when it has no model that can be imported.
     *
     * @param paths of all of its files
     * @param family the {@code model_type} of its {@code config.json}; where it names none, the import finds out
     * @param variant of the ONNX export, see {@link GraphChoice}
     */
    static Selection of(List<String> paths, Optional<String> family, Optional<String> variant, Subject subject) {
        GraphChoice graphs = GraphChoice.among(paths, subject);
        boolean isBuilt = family.map(Families.types()::contains).orElse(true);
        Optional<Selection> weights = Optional.empty();
        if (isBuilt && variant.isEmpty()) {
            weights = ofWeights(WeightFiles.SAFETENSORS, graphs.plain(), paths)
                    .or(() -> graphs.plain().map(graph -> ofGraph(graph, paths)))
                    .or(() -> ofWeights(WeightFiles.TORCH, Optional.empty(), paths));
        }
        return weights.or(() -> graphs.choose(variant).map(graph -> ofGraph(graph, paths)))
                .orElseThrow(() -> subject.refuse(
                        "it has no ONNX export (model.onnx or onnx/model.onnx), and "
                                + family.filter(type -> !isBuilt)
                                        .map(type -> "networks of the family " + Subject.shown(type)
                                                + " are not built from weights (")
                                        .orElse("no weights that can be read (")
                                + weights(paths) + ")",
                        "export it (with Hugging Face Optimum: `optimum-cli export onnx --model NAME DIRECTORY`) and import"
                                + " the directory, or choose another model"));
    }

    private static Optional<Selection> ofWeights(WeightFiles names, Optional<String> export, List<String> paths) {
        List<String> weights = names.among(paths);
        return weights.isEmpty()
                ? Optional.empty()
                : Optional.of(new Selection(Optional.empty(), export, withSmall(paths, weights::contains)));
    }

    private static Selection ofGraph(String graph, List<String> paths) {
        return new Selection(Optional.of(graph), Optional.empty(), withSmall(paths, path -> isPartOf(path, graph)));
    }

    private static List<String> withSmall(List<String> paths, Predicate<String> chosen) {
        return Stream.concat(
                        paths.stream().filter(SMALL::contains), paths.stream().filter(chosen))
                .toList();
    }

    /** The graph, or a file with weights of it: exporters call them model.onnx_data, model.onnx.data or model.onnx_data_1. */
    private static boolean isPartOf(String path, String graph) {
        return path.equals(graph) || path.startsWith(graph + "_data") || path.startsWith(graph + ".data");
    }

    private static String weights(List<String> paths) {
        List<String> found = paths.stream()
                .filter(path -> WEIGHTS.contains(path.substring(path.lastIndexOf('.') + 1)))
                .limit(8)
                .toList();
        return found.isEmpty() ? "it has none" : String.join(", ", found);
    }
}
