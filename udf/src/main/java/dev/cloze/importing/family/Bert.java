package dev.cloze.importing.family;

import java.util.Set;

/** BERT (Devlin et al. 2019), and ERNIE, which adds an embedding of the task. */
final class Bert implements Family {
    private static final double EPSILON = 1e-12;
    private static final String HEAD = "cls.predictions.";

    private final String base;

    /**
     * A network of this shape.
     *
     * @param base what the names of its tensors begin with
     */
    Bert(String base) {
        this.base = base;
    }

    @Override
    public String base() {
        return base;
    }

    @Override
    public Set<String> heads() {
        return Set.of("cls");
    }

    @Override
    public boolean ignores(String name) {
        boolean otherHead = name.startsWith("cls.") && !name.startsWith(HEAD);
        return otherHead || name.startsWith(base + ".pooler.") || name.equals(base + ".embeddings.position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        config.requireEncoder();
        config.require("position_embedding_type", "absolute");
        EncoderLayer.Shape shape = EncoderLayer.Shape.of(config, EPSILON);
        String words = b.either(base + ".embeddings.word_embeddings.weight", HEAD + "decoder.weight");
        String hidden = b.norm(
                base + ".embeddings.LayerNorm", embeddings(b, config, words, base + ".embeddings."), shape.epsilon());
        for (int i = 0; i < config.size("num_hidden_layers", 12); i++) {
            hidden = EncoderLayer.OF_BERT.apply(b, base + ".encoder.layer." + i + ".", shape, hidden, b.everywhere());
        }
        return head(b, HEAD, words, shape, hidden);
    }

    private static String embeddings(Blocks b, FamilyConfig config, String words, String from) {
        String sum = b.add(b.embed(words, b.ids()), b.embed(from + "token_type_embeddings.weight", b.types()));
        String placed = b.add(sum, b.positions(from + "position_embeddings.weight"));
        return config.says("use_task_id") ? b.add(placed, b.firstRow(from + "task_type_embeddings.weight")) : placed;
    }

    /** The head of BERT, whose tensors' names begin with {@code head}. */
    static String head(Blocks b, String head, String words, EncoderLayer.Shape shape, String hidden) {
        String active = b.activation(shape.activation(), b.linear(head + "transform.dense", hidden));
        String normal = b.norm(head + "transform.LayerNorm", active, shape.epsilon());
        String matrix = b.tied(head + "decoder.weight", words);
        return b.decode(matrix, b.either(head + "decoder.bias", head + "bias"), normal);
    }
}
