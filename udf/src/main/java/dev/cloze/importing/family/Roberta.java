package dev.cloze.importing.family;

import java.util.Set;

/**
 * RoBERTa (Liu et al. 2019), XLM-RoBERTa, CamemBERT and the text half of data2vec: BERT with positions that are counted from the padding's id on,
 * and a head whose activation is always the exact GELU.
 */
final class Roberta implements Family {
    private static final double EPSILON = 1e-12;

    private final String base;

    /**
     * A network of this shape.
     *
     * @param base what the names of its tensors begin with
     */
    Roberta(String base) {
        this.base = base;
    }

    @Override
    public String base() {
        return base;
    }

    @Override
    public Set<String> heads() {
        return Set.of("lm_head");
    }

    @Override
    public boolean ignores(String name) {
        return name.startsWith(base + ".pooler.") || name.equals(base + ".embeddings.position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        config.requireEncoder();
        config.require("position_embedding_type", "absolute");
        EncoderLayer.Shape shape = EncoderLayer.Shape.of(config, EPSILON);
        String from = base + ".embeddings.";
        String words = b.either(from + "word_embeddings.weight", "lm_head.decoder.weight");
        int padding = config.count("pad_token_id", 1);
        String typed = b.add(b.embed(words, b.ids()), b.firstRow(from + "token_type_embeddings.weight"));
        String placed = b.add(typed, b.positionsAfterPadding(from + "position_embeddings.weight", padding));
        String hidden = b.norm(from + "LayerNorm", placed, shape.epsilon());
        for (int i = 0; i < config.size("num_hidden_layers", 12); i++) {
            hidden = EncoderLayer.OF_BERT.apply(b, base + ".encoder.layer." + i + ".", shape, hidden, b.everywhere());
        }
        return head(b, words, shape, hidden);
    }

    static String head(Blocks b, String words, EncoderLayer.Shape shape, String hidden) {
        String active = b.gelu(b.linear("lm_head.dense", hidden));
        String normal = b.norm("lm_head.layer_norm", active, shape.epsilon());
        String matrix = b.tied("lm_head.decoder.weight", words);
        return b.decode(matrix, b.either("lm_head.decoder.bias", "lm_head.bias"), normal);
    }
}
