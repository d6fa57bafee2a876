package dev.cloze.importing.family;

import java.util.Set;

/** ALBERT (Lan et al. 2020): narrow embeddings, and layers that share their weights in groups. */
final class Albert implements Family {
    private static final double EPSILON = 1e-12;
    private static final String FROM = "albert.embeddings.";
    private static final String ENCODER = "albert.encoder.";
    private static final EncoderLayer LAYER = new EncoderLayer(
            "attention.query",
            "attention.key",
            "attention.value",
            "attention.dense",
            "attention.LayerNorm",
            "ffn",
            "ffn_output",
            "full_layer_layer_norm");

    @Override
    public String base() {
        return "albert";
    }

    @Override
    public Set<String> heads() {
        return Set.of("predictions", "sop_classifier");
    }

    @Override
    public boolean ignores(String name) {
        return name.startsWith("albert.pooler.")
                || name.startsWith("sop_classifier.")
                || name.equals(FROM + "position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        config.require("position_embedding_type", "absolute");
        int columns = config.size("hidden_size", 4096);
        int heads = config.size("num_attention_heads", 64);
        EncoderLayer.Shape shape = new EncoderLayer.Shape(
                columns,
                heads,
                config.share(columns, heads),
                config.real("layer_norm_eps", EPSILON),
                config.text("hidden_act", "gelu_new"));
        String words = b.either(FROM + "word_embeddings.weight", "predictions.decoder.weight");
        String sum = b.add(b.embed(words, b.ids()), b.embed(FROM + "token_type_embeddings.weight", b.types()));
        String placed = b.add(sum, b.positions(FROM + "position_embeddings.weight"));
        String normal = b.norm(FROM + "LayerNorm", placed, shape.epsilon());
        String hidden = layers(b, config, shape, b.linear(ENCODER + "embedding_hidden_mapping_in", normal));
        String active = b.activation(shape.activation(), b.linear("predictions.dense", hidden));
        String matrix = b.tied("predictions.decoder.weight", words);
        return b.decode(
                matrix,
                b.either("predictions.decoder.bias", "predictions.bias"),
                b.norm("predictions.LayerNorm", active, shape.epsilon()));
    }

    private static String layers(Blocks b, FamilyConfig config, EncoderLayer.Shape shape, String input) {
        int layers = config.size("num_hidden_layers", 12);
        int groups = config.size("num_hidden_groups", 1);
        String hidden = input;
        for (int i = 0; i < layers; i++) {
            String group = ENCODER + "albert_layer_groups." + (int) (i / ((double) layers / groups));
            for (int inner = 0; inner < config.size("inner_group_num", 1); inner++) {
                hidden = LAYER.apply(b, group + ".albert_layers." + inner + ".", shape, hidden, b.everywhere());
            }
        }
        return hidden;
    }
}
