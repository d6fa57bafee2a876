package dev.cloze.importing.family;

import java.util.Set;

/** The generator of ELECTRA (Clark et al. 2020): BERT with narrower embeddings. Its discriminator predicts no words. */
final class Electra implements Family {
    private static final double EPSILON = 1e-12;
    private static final String FROM = "electra.embeddings.";

    @Override
    public String base() {
        return "electra";
    }

    @Override
    public Set<String> heads() {
        return Set.of("generator_predictions", "generator_lm_head", "discriminator_predictions");
    }

    @Override
    public boolean ignores(String name) {
        return name.equals(FROM + "position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        config.requireEncoder();
        config.require("position_embedding_type", "absolute");
        if (b.has("discriminator_predictions.dense.weight")) {
            throw config.unsupported(
                    "an ELECTRA discriminator (its weights have discriminator_predictions), which tells replaced words"
                            + " from others and predicts none");
        }
        int columns = config.size("hidden_size", 256);
        int heads = config.size("num_attention_heads", 4);
        EncoderLayer.Shape shape = new EncoderLayer.Shape(
                columns,
                heads,
                config.share(columns, heads),
                config.real("layer_norm_eps", EPSILON),
                config.text("hidden_act", "gelu"));
        String words = b.either(FROM + "word_embeddings.weight", "generator_lm_head.weight");
        String sum = b.add(b.embed(words, b.ids()), b.embed(FROM + "token_type_embeddings.weight", b.types()));
        String placed = b.add(sum, b.positions(FROM + "position_embeddings.weight"));
        String hidden = b.norm(FROM + "LayerNorm", placed, shape.epsilon());
        if (config.size("embedding_size", 128) != columns) {
            hidden = b.linear("electra.embeddings_project", hidden);
        }
        for (int i = 0; i < config.size("num_hidden_layers", 12); i++) {
            hidden = EncoderLayer.OF_BERT.apply(b, "electra.encoder.layer." + i + ".", shape, hidden, b.everywhere());
        }
        String active = b.gelu(b.linear("generator_predictions.dense", hidden));
        String normal = b.norm("generator_predictions.LayerNorm", active, shape.epsilon());
        return b.decode(b.tied("generator_lm_head.weight", words), "generator_lm_head.bias", normal);
    }
}
