package dev.cloze.hub;

import dev.cloze.importing.layout.GraphChoice;
import dev.cloze.importing.source.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an import needs of a repository: the small files that describe the model, and one ONNX export with its weights.
 *
 * @param graph path of the export
 * @param files paths of all that is needed, the small files first
 */
record Selection(String graph, List<String> files) {
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
            README);

    private static final Set<String> WEIGHTS = Set.of("safetensors", "bin", "h5", "msgpack", "ot", "gguf", "pt", "pth");

    /**
     * Of a repository; fails when it has no model that can be imported.
     *
     * @param paths of all of its files
     * @param variant of the ONNX export, see {@link GraphChoice}
     */
    static Selection of(List<String> paths, Optional<String> variant, Subject subject) {
        String graph = GraphChoice.among(paths, subject)
                .choose(variant)
                .orElseThrow(() -> subject.refuse(
                        "it has no ONNX export (model.onnx or onnx/model.onnx), and weights in other files are not read ("
                                + weights(paths) + ")",
                        "export it (with Hugging Face Optimum: `optimum-cli export onnx --model NAME DIRECTORY`) and import"
                                + " the directory, or choose a model with an export"));
        List<String> chosen = paths.stream()
                .filter(path -> SMALL.contains(path) || isPartOf(path, graph))
                .sorted((a, b) -> Boolean.compare(isPartOf(a, graph), isPartOf(b, graph)))
                .toList();
        return new Selection(graph, chosen);
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
