package dev.cloze.importing.family;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cloze.importing.weights.Weights;
import java.util.List;

/**
 * The sizes of a BERT, as a Hugging Face {@code config.json} names them.
 */
@JsonPropertyOrder({"architectures", "model_type"})
public record BertConfig(
        @JsonProperty("vocab_size") int vocabularySize,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("num_hidden_layers") int layers,
        @JsonProperty("num_attention_heads") int heads,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("max_position_embeddings") int positions,
        @JsonProperty("type_vocab_size") int types) {
    /** Google's checkpoints of every size have heads of this many columns. */
    private static final int HEAD_SIZE = 64;

    private static final double EPSILON = 1e-12;
    private static final String EMBEDDINGS = "bert.embeddings.";

    /** Reads the sizes off the tensors' shapes. */
    public static BertConfig of(Weights weights) {
        long[] words = weights.tensor(EMBEDDINGS + "word_embeddings.weight").shape();
        int layers = 0;
        while (weights.names().contains(wide(layers))) {
            layers++;
        }
        int hidden = (int) words[1];
        return new BertConfig(
                (int) words[0],
                hidden,
                layers,
                Math.max(1, hidden / HEAD_SIZE),
                (int) weights.tensor(wide(0)).shape()[0],
                (int) weights.tensor(EMBEDDINGS + "position_embeddings.weight").shape()[0],
                (int) weights.tensor(EMBEDDINGS + "token_type_embeddings.weight")
                        .shape()[0]);
    }

    private static String wide(int layer) {
        return "bert.encoder.layer." + layer + ".intermediate.dense.weight";
    }

    @JsonProperty("architectures")
    List<String> architectures() {
        return List.of("BertForMaskedLM");
    }

    @JsonProperty("model_type")
    public String family() {
        return "bert";
    }

    @JsonProperty("hidden_act")
    String activation() {
        return "gelu";
    }

    @JsonProperty("layer_norm_eps")
    double layerNormEpsilon() {
        return EPSILON;
    }

    @JsonProperty("pad_token_id")
    int padId() {
        return 0;
    }
}
