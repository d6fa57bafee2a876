package dev.cloze.importing.family;

import java.util.Set;

/** GPT-2 (Radford et al. 2019): normalisations before each part, matrices as {@code [in, out]}. */
final class Gpt2 implements Family {
    private static final double EPSILON = 1e-5;

    @Override
    public String base() {
        return "transformer";
    }

    @Override
    public Set<String> heads() {
        return Set.of("lm_head");
    }

    @Override
    public boolean ignores(String name) {
        // The causal mask and its value, which old checkpoints hold as tensors.
        return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        if (config.says("add_cross_attention")) {
            throw config.unsupported("cross attention");
        }
        int columns = config.size("n_embd", config.size("hidden_size", 768));
        int heads = config.size("n_head", config.size("num_attention_heads", 12));
        double epsilon = config.real("layer_norm_epsilon", EPSILON);
        String words = b.either("transformer.wte.weight", "lm_head.weight");
        String hidden = b.add(b.embed(words, b.ids()), b.positions("transformer.wpe.weight"));
        for (int i = 0; i < config.size("n_layer", config.size("num_hidden_layers", 12)); i++) {
            String layer = "transformer.h." + i + ".";
            double scale = config.denies("scale_attn_weights") ? 1 : 1 / Math.sqrt(config.share(columns, heads));
            double ofLayer = config.says("scale_attn_by_inverse_layer_idx") ? scale / (i + 1) : scale;
            String seen =
                    attention(b, layer + "attn.", columns, heads, ofLayer, b.norm(layer + "ln_1", hidden, epsilon));
            hidden = b.add(hidden, seen);
            String wide = b.conv1d(layer + "mlp.c_fc", b.norm(layer + "ln_2", hidden, epsilon));
            String active = b.activation(config.text("activation_function", "gelu_new"), wide);
            hidden = b.add(hidden, b.conv1d(layer + "mlp.c_proj", active));
        }
        String normal = b.norm("transformer.ln_f", hidden, epsilon);
        return b.decode(b.tied("lm_head.weight", words), "lm_head.bias", normal);
    }

    private static String attention(Blocks b, String name, int columns, int heads, double scale, String hidden) {
        int size = columns / heads;
        String all = b.conv1d(name + "c_attn", hidden);
        String q = b.heads(b.part(all, 0, columns), heads, size);
        String k = b.heads(b.part(all, columns, 2L * columns), heads, size);
        String v = b.heads(b.part(all, 2L * columns, 3L * columns), heads, size);
        return b.conv1d(name + "c_proj", b.attend(q, k, v, scale, columns, b.leftwards()));
    }
}
