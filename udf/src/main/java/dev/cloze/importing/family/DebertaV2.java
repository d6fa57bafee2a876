package dev.cloze.importing.family;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import java.util.List;
import java.util.Set;

/**
 * DeBERTa-v2 and v3 (He et al. 2021): attention adds to the scores of contents those of content and relative position (c2p) and of position and
 * content (p2c).
 */
final class DebertaV2 implements Family {
    private static final double EPSILON = 1e-7;
    private static final String FROM = "deberta.embeddings.";
    private static final String HEAD = "cls.predictions.";
    private static final String OTHER_HEAD = "lm_predictions.lm_head.";
    private static final String ENCODER = "deberta.encoder.";

    @Override
    public String base() {
        return "deberta";
    }

    @Override
    public Set<String> heads() {
        return Set.of("cls", "lm_predictions", "mask_predictions");
    }

    @Override
    public boolean ignores(String name) {
        // Heads that are not asked for; and a second matrix of words that mDeBERTa's file has from its training.
        return name.startsWith("mask_predictions.")
                || name.startsWith("lm_predictions.")
                || name.startsWith("deberta.pooler.")
                || name.equals(FROM + "word_embeddings._weight")
                || name.equals(FROM + "position_ids");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        if (b.has("mask_predictions.dense.weight") && !b.has(HEAD + "transform.dense.weight")) {
            throw config.unsupported(
                    "a DeBERTa-v3 discriminator (its weights have mask_predictions), which tells replaced"
                            + " words from others and predicts none");
        }
        int columns = config.size("hidden_size", 1536);
        int heads = config.size("num_attention_heads", 24);
        int size = config.size("attention_head_size", config.share(columns, heads));
        EncoderLayer.Shape shape = new EncoderLayer.Shape(
                heads * size, heads, size, config.real("layer_norm_eps", EPSILON), config.text("hidden_act", "gelu"));
        String words = b.either(FROM + "word_embeddings.weight", HEAD + "decoder.weight");
        String embedded = embeddings(b, config, shape, words);
        Disentangled attention = Disentangled.of(b, config, shape);
        String hidden = embedded;
        for (int i = 0; i < config.size("num_hidden_layers", 24); i++) {
            String layer = ENCODER + "layer." + i + ".";
            String seen = attention.apply(layer + "attention.self.", hidden);
            hidden = EncoderLayer.OF_BERT.rest(b, layer, shape, hidden, seen);
            if (i == 0 && config.count("conv_kernel_size", 0) > 0) {
                hidden = convolution(b, config, shape, embedded, hidden);
            }
        }
        return head(b, config, words, shape, hidden);
    }

    private static String embeddings(Blocks b, FamilyConfig config, EncoderLayer.Shape shape, String words) {
        String sum = b.embed(words, b.ids());
        if (config.denies("position_biased_input")) {
            b.pass(FROM + "position_embeddings.weight");
        } else {
            sum = b.add(sum, b.positions(FROM + "position_embeddings.weight"));
        }
        if (config.count("type_vocab_size", 0) > 0) {
            sum = b.add(sum, b.embed(FROM + "token_type_embeddings.weight", b.types()));
        }
        if (b.has(FROM + "embed_proj.weight")) {
            sum = b.linear(FROM + "embed_proj", sum);
        }
        return b.multiply(b.norm(FROM + "LayerNorm", sum, shape.epsilon()), b.presence());
    }

    /** Beside the first layer, what a convolution over neighbouring tokens makes of the embeddings. */
    private static String convolution(
            Blocks b, FamilyConfig config, EncoderLayer.Shape shape, String embedded, String hidden) {
        long kernel = config.size("conv_kernel_size", 3);
        long margin = (kernel - 1) / 2;
        String mixed = b.op(
                "Conv",
                List.of(
                        b.transpose(embedded, 0L, 2L, 1L),
                        b.weight(ENCODER + "conv.conv.weight"),
                        b.weight(ENCODER + "conv.conv.bias")),
                attribute("pads", List.of(margin, margin)),
                attribute("group", config.size("conv_groups", 1)));
        String kept = b.multiply(b.transpose(mixed, 0L, 2L, 1L), b.presence());
        String active = b.activation(config.text("conv_act", "tanh"), kept);
        String normal = b.norm(ENCODER + "conv.LayerNorm", b.add(hidden, active), shape.epsilon());
        return b.multiply(normal, b.presence());
    }

    /** Of two kinds of heads, the one that the configuration asks for. */
    private static String head(Blocks b, FamilyConfig config, String words, EncoderLayer.Shape shape, String hidden) {
        if (!config.denies("legacy")) {
            return Bert.head(b, HEAD, words, shape, hidden);
        }
        String active = b.activation(shape.activation(), b.linear(OTHER_HEAD + "dense", hidden));
        return b.decode(words, OTHER_HEAD + "bias", b.norm(OTHER_HEAD + "LayerNorm", active, shape.epsilon()));
    }
}
