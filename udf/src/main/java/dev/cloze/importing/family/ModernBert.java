package dev.cloze.importing.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** ModernBERT (Warner et al. 2024): rotary positions, layers that see only what is near between those that see all, a gated middle. */
final class ModernBert implements Family {
    private static final double EPSILON = 1e-5;
    private static final double GLOBAL_THETA = 160_000;
    private static final double LOCAL_THETA = 10_000;
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    @Override
    public String base() {
        return "model";
    }

    @Override
    public Set<String> heads() {
        return Set.of("head", "decoder");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        int columns = config.size("hidden_size", 768);
        int heads = config.size("num_attention_heads", 12);
        int size = config.share(columns, heads);
        double epsilon = config.real("norm_eps", EPSILON);
        String words = b.either("model.embeddings.tok_embeddings.weight", "decoder.weight");
        String hidden = b.norm("model.embeddings.norm", b.embed(words, b.ids()), epsilon);
        Rope global = rope(config, FULL, size, config.real("global_rope_theta", GLOBAL_THETA));
        Rope local = rope(config, SLIDING, size, config.real("local_rope_theta", LOCAL_THETA));
        for (int i = 0; i < config.size("num_hidden_layers", 22); i++) {
            String layer = "model.layers." + i + ".";
            boolean slides = slides(config, i);
            String mask = slides ? b.nearby(config.size("local_attention", 128) / 2) : b.everywhere();
            String normal = i == 0 ? hidden : b.norm(layer + "attn_norm", hidden, epsilon);
            String seen = attention(b, layer + "attn.", heads, size, slides ? local : global, normal, mask);
            hidden = b.add(hidden, seen);
            hidden = b.add(hidden, middle(b, config, layer + "mlp.", b.norm(layer + "mlp_norm", hidden, epsilon)));
        }
        String last = b.norm("model.final_norm", hidden, epsilon);
        String active = b.activation(config.text("classifier_activation", "gelu"), b.linear("head.dense", last));
        return b.decode(b.tied("decoder.weight", words), "decoder.bias", b.norm("head.norm", active, epsilon));
    }

    private static Rope rope(FamilyConfig config, String type, int size, double theta) {
        JsonNode settings = config.json().path("rope_parameters").path(type);
        return Rope.of(config, settings, size, theta);
    }

    private static boolean slides(FamilyConfig config, int layer) {
        List<String> types = config.texts("layer_types").toList();
        return types.isEmpty()
                ? layer % config.size("global_attn_every_n_layers", 3) != 0
                : layer < types.size() && types.get(layer).equals(SLIDING);
    }

    private static String attention(
            Blocks b, String name, long heads, long size, Rope rope, String hidden, String mask) {
        long columns = heads * size;
        String all = b.linear(name + "Wqkv", hidden);
        String q = b.rotated(b.heads(b.part(all, 0, columns), heads, size), rope);
        String k = b.rotated(b.heads(b.part(all, columns, 2 * columns), heads, size), rope);
        String v = b.heads(b.part(all, 2 * columns, 3 * columns), heads, size);
        return b.linear(name + "Wo", b.attend(q, k, v, 1 / Math.sqrt(size), columns, mask));
    }

    /** act(first half) · second half. */
    private static String middle(Blocks b, FamilyConfig config, String name, String hidden) {
        int wide = config.size("intermediate_size", 1152);
        String both = b.linear(name + "Wi", hidden);
        String active = b.activation(config.text("hidden_activation", "gelu"), b.part(both, 0, wide));
        return b.linear(name + "Wo", b.multiply(active, b.part(both, wide, 2L * wide)));
    }
}
