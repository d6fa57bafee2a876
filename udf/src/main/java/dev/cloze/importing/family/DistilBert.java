package dev.cloze.importing.family;

import java.util.Set;

/** DistilBERT (Sanh et al. 2019): BERT without types of tokens. */
final class DistilBert implements Family {
    /** It is no setting of this family. */
    private static final double EPSILON = 1e-12;

    private static final String FROM = "distilbert.embeddings.";
    private static final EncoderLayer LAYER = new EncoderLayer(
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");

    @Override
    public String base() {
        return "distilbert";
    }

    @Override
    public Set<String> heads() {
        return Set.of("vocab_transform", "vocab_layer_norm", "vocab_projector");
    }

    @Override
    public boolean ignores(String name) {
        return name.equals(FROM + "position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        int columns = config.size("dim", config.size("hidden_size", 768));
        int heads = config.size("n_heads", config.size("num_attention_heads", 12));
        String activation = config.text("activation", "gelu");
        EncoderLayer.Shape shape =
                new EncoderLayer.Shape(columns, heads, config.share(columns, heads), EPSILON, activation);
        String words = b.either(FROM + "word_embeddings.weight", "vocab_projector.weight");
        String placed = b.add(b.embed(words, b.ids()), b.positions(FROM + "position_embeddings.weight"));
        String hidden = b.norm(FROM + "LayerNorm", placed, EPSILON);
        for (int i = 0; i < config.size("n_layers", config.size("num_hidden_layers", 6)); i++) {
            hidden = LAYER.apply(b, "distilbert.transformer.layer." + i + ".", shape, hidden, b.everywhere());
        }
        String active = b.activation(activation, b.linear("vocab_transform", hidden));
        String normal = b.norm("vocab_layer_norm", active, EPSILON);
        return b.decode(b.tied("vocab_projector.weight", words), "vocab_projector.bias", normal);
    }
}
