package dev.cloze.importing.family;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.importing.graph.GraphWriter;
import dev.cloze.importing.graph.TensorStore;
import dev.cloze.importing.weights.Weights;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All families whose graphs are built from weights, by the {@code model_type} of their {@code config.json}. */
public final class Families {
    /** What the output of every graph is called. */
    public static final String LOGITS = "logits";

    private static final Map<String, Family> BY_TYPE = new TreeMap<>(Map.ofEntries(
            Map.entry("albert", new Albert()),
            Map.entry("bert", new Bert("bert")),
            Map.entry("camembert", new Roberta("roberta")),
            Map.entry("data2vec-text", new Roberta("data2vec_text")),
            Map.entry("deberta-v2", new DebertaV2()),
            Map.entry("distilbert", new DistilBert()),
            Map.entry("electra", new Electra()),
            Map.entry("ernie", new Bert("ernie")),
            Map.entry("gpt2", new Gpt2()),
            Map.entry("llama", new Llama(Llama.Defaults.LLAMA)),
            Map.entry("mistral", new Llama(Llama.Defaults.MISTRAL)),
            Map.entry("modernbert", new ModernBert()),
            Map.entry("mpnet", new MpNet()),
            Map.entry("qwen2", new Llama(Llama.Defaults.QWEN2)),
            Map.entry("qwen3", new Llama(Llama.Defaults.QWEN3)),
            Map.entry("roberta", new Roberta("roberta")),
            Map.entry("xlm-roberta", new Roberta("roberta"))));

    /** Of configurations without a {@code model_type}: what the names of the tensors begin with in such families alone. */
    private static final List<String> TELLING = List.of("bert", "distilbert", "electra", "albert", "mpnet", "roberta");

    private Families() {}

    /** What {@code config} describes; with the {@code model_type}, which files of 2019 and 2020 lack, told from the weights' names. */
    public static Optional<String> typeOf(FamilyConfig config, Weights weights) {
        return config.value("model_type").map(JsonNode::asText).or(() -> TELLING.stream()
                .filter(base -> weights.names().stream().anyMatch(name -> name.startsWith(base + ".")))
                .findFirst());
    }

    public static Set<String> types() {
        return Collections.unmodifiableSet(BY_TYPE.keySet());
    }

    /**
     * The graph of the network of the type {@code type} that {@code config} describes: {@code input_ids}, {@code attention_mask} and, where the
     * family has them, {@code token_type_ids}, all {@code [batch, sequence]}, to {@value #LOGITS} {@code [batch, sequence, vocabulary]}.
     *
     * @param store where its weights are put
     */
    public static OnnxMl.ModelProto graph(String type, FamilyConfig config, Weights weights, TensorStore store) {
        Family family = BY_TYPE.get(type);
        GraphWriter graph = new GraphWriter(type, store);
        NamedWeights named = new NamedWeights(weights, family, config.subject());
        Blocks blocks = new Blocks(graph, named, config);
        String logits = family.logits(blocks, config);
        named.requireAllUsed(family::ignores);
        blocks.output(logits, LOGITS);
        return graph.model();
    }
}
