package dev.cloze.importing.family;

import java.util.List;
import java.util.Set;

/**
 * Llama (Touvron et al. 2023), Mistral, Qwen2 and Qwen3: root-mean-square norms, rotary positions, queries that share keys in groups, a
 * gated middle. Biases and norms of queries and keys are there or not, as the checkpoint has them.
 */
final class Llama implements Family {
    private static final double EPSILON = 1e-6;
    /** Of the classes of transformers that have no size of a head of their own. */
    private static final int NONE = 0;

    private final Defaults defaults;

    /**
     * What differs between the classes of transformers where config.json is silent.
     *
     * @param keyHeads heads of keys and values; 0 for as many as queries have
     * @param headSize columns of a head; 0 for an equal share of the hidden states
     */
    record Defaults(int keyHeads, int headSize) {
        static final Defaults LLAMA = new Defaults(NONE, NONE);
        static final Defaults MISTRAL = new Defaults(8, NONE);
        static final Defaults QWEN2 = new Defaults(32, NONE);
        static final Defaults QWEN3 = new Defaults(32, 128);
    }

    Llama(Defaults defaults) {
        this.defaults = defaults;
    }

    @Override
    public String base() {
        return "model";
    }

    @Override
    public Set<String> heads() {
        return Set.of("lm_head");
    }

    @Override
    public boolean ignores(String name) {
        return name.endsWith(".rotary_emb.inv_freq");
    }

    @Override
    public String logits(Blocks b, FamilyConfig config) {
        Sizes sizes = sizes(config);
        Rope rope = Rope.of(config, sizes.head());
        double epsilon = config.real("rms_norm_eps", EPSILON);
        String words = "model.embed_tokens.weight";
        String hidden = b.embed(words, b.ids());
        int layers = config.size("num_hidden_layers", 32);
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            String normal = b.rms(layer + "input_layernorm", hidden, epsilon);
            hidden =
                    b.add(hidden, attention(b, layer + "self_attn.", sizes, rope, epsilon, normal, mask(b, config, i)));
            String inner = b.rms(layer + "post_attention_layernorm", hidden, epsilon);
            String gate = b.activation(config.text("hidden_act", "silu"), b.linear(layer + "mlp.gate_proj", inner));
            String gated = b.multiply(gate, b.linear(layer + "mlp.up_proj", inner));
            hidden = b.add(hidden, b.linear(layer + "mlp.down_proj", gated));
        }
        String normal = b.rms("model.norm", hidden, epsilon);
        boolean shares = config.says("tie_word_embeddings");
        return b.decode(shares ? b.tied("lm_head.weight", words) : "lm_head.weight", "lm_head.bias", normal);
    }

    private record Sizes(int heads, int keyHeads, int head) {}

    private Sizes sizes(FamilyConfig config) {
        int heads = config.size("num_attention_heads", 32);
        boolean silent = !config.json().has("num_key_value_heads");
        int keyHeads =
                silent && defaults.keyHeads != NONE ? defaults.keyHeads : config.size("num_key_value_heads", heads);
        boolean unsaid = config.value("head_dim").isEmpty();
        int head = unsaid && defaults.headSize != NONE && !config.json().has("head_dim")
                ? defaults.headSize
                : config.size("head_dim", Math.max(1, config.size("hidden_size", 4096) / heads));
        config.share(heads, keyHeads);
        return new Sizes(heads, keyHeads, head);
    }

    private static String attention(
            Blocks b, String name, Sizes sizes, Rope rope, double epsilon, String hidden, String mask) {
        String q = normalised(
                b, name + "q_norm", epsilon, b.heads(b.linear(name + "q_proj", hidden), sizes.heads, sizes.head));
        String k = normalised(
                b, name + "k_norm", epsilon, b.heads(b.linear(name + "k_proj", hidden), sizes.keyHeads, sizes.head));
        String v = b.heads(b.linear(name + "v_proj", hidden), sizes.keyHeads, sizes.head);
        int times = sizes.heads / sizes.keyHeads;
        String keys = b.repeated(b.rotated(k, rope), sizes.keyHeads, times, sizes.head);
        String values = b.repeated(v, sizes.keyHeads, times, sizes.head);
        long columns = (long) sizes.heads * sizes.head;
        String seen = b.attend(b.rotated(q, rope), keys, values, 1 / Math.sqrt(sizes.head), columns, mask);
        return b.linear(name + "o_proj", seen);
    }

    /** Qwen3 has norms over the columns of each head. */
    private static String normalised(Blocks b, String name, double epsilon, String heads) {
        return b.has(name + ".weight") ? b.rms(name, heads, epsilon) : heads;
    }

    /** What layer {@code index} sees. */
    private static String mask(Blocks b, FamilyConfig config, int index) {
        boolean slides =
                switch (config.text("model_type", "llama")) {
                    case "mistral" -> !config.json().path("sliding_window").isNull();
                    case "qwen2", "qwen3" ->
                        config.says("use_sliding_window")
                                && config.value("sliding_window").isPresent()
                                && isSliding(config, index);
                    default -> false;
                };
        return slides ? b.leftwards(config.size("sliding_window", 4096)) : b.leftwards();
    }

    private static boolean isSliding(FamilyConfig config, int index) {
        List<String> types = config.texts("layer_types").toList();
        return types.isEmpty()
                ? index >= config.count("max_window_layers", 28)
                : index < types.size() && types.get(index).equals("sliding_attention");
    }
}
