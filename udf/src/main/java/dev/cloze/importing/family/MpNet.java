package dev.cloze.importing.family;

import java.util.Set;

/** MPNet (Song et al. 2020): RoBERTa with a bias of attention that depends on the distance of two tokens. */
final class MpNet implements Family {
    private static final double EPSILON = 1e-12;
    private static final String FROM = "mpnet.embeddings.";
    private static final String ENCODER = "mpnet.encoder.";
    /** No setting of this family, whatever config.json says. */
    private static final int PADDING = 1;

    private static final int BUCKETS = 32;
    private static final double FARTHEST = 128;
    private static final EncoderLayer LAYER = new EncoderLayer(
            "attention.attn.q",
            "attention.attn.k",
            "attention.attn.v",
            "attention.attn.o",
            "attention.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    @Override
    public String base() {
        return "mpnet";
    }

    @Override
    public Set<String> heads() {
        return Set.of("lm_head");
    }

    @Override
    public boolean ignores(String name) {
        return name.startsWith("mpnet.pooler.") || name.equals(FROM + "position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        EncoderLayer.Shape shape = EncoderLayer.Shape.of(config, EPSILON);
        String words = b.either(FROM + "word_embeddings.weight", "lm_head.decoder.weight");
        String places = b.positionsAfterPadding(FROM + "position_embeddings.weight", PADDING);
        String hidden = b.norm(FROM + "LayerNorm", b.add(b.embed(words, b.ids()), places), shape.epsilon());
        String bias = bias(b);
        for (int i = 0; i < config.size("num_hidden_layers", 12); i++) {
            hidden = LAYER.apply(b, ENCODER + "layer." + i + ".", shape, hidden, bias, b.everywhere());
        }
        return Roberta.head(b, words, shape, hidden);
    }

    /** {@code [heads, sequence, sequence]}: half of the buckets for either side; in each, near distances one by one and far ones by their logarithm. */
    private static String bias(Blocks b) {
        int half = BUCKETS / 2;
        int exact = half / 2;
        String distance = b.op("Abs", b.distance());
        String right = b.multiply(b.integers(b.op("Greater", b.distance(), b.whole(0))), b.whole(half));
        String logarithm = b.op("Log", b.op("Div", b.floats(distance), b.number(exact)));
        String scaled =
                b.multiply(b.op("Div", logarithm, b.number(Math.log(FARTHEST / exact))), b.number(half - exact));
        String far = b.op("Min", b.add(b.integers(scaled), b.whole(exact)), b.whole(half - 1));
        String bucket = b.op("Where", b.op("Less", distance, b.whole(exact)), distance, far);
        String biases = b.embed(ENCODER + "relative_attention_bias.weight", b.add(right, bucket));
        return b.transpose(biases, 2L, 0L, 1L);
    }
}
