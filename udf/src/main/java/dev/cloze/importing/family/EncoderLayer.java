package dev.cloze.importing.family;

/**
 * A layer of a transformer that normalises behind each of its two parts, as the original one does (Vaswani et al. 2017): attention, then two
 * linear maps. Families differ in what they call the tensors.
 *
 * @param query first of the four linear maps of attention
 * @param key second
 * @param value third
 * @param output the one that joins the heads
 * @param middle normalisation behind attention
 * @param wide first linear map behind it
 * @param narrow second
 * @param last normalisation at the end
 */
record EncoderLayer(
        String query, String key, String value, String output, String middle, String wide, String narrow, String last) {
    /** The names in BERT, and in many that followed. */
    static final EncoderLayer OF_BERT = new EncoderLayer(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    /**
     * What is the same in all layers of a model.
     *
     * @param columns of hidden states
     * @param heads of attention
     * @param size columns of a head
     * @param epsilon of the normalisations
     * @param activation between the two last linear maps
     */
    record Shape(int columns, int heads, int size, double epsilon, String activation) {
        /** With the keys that most families have. */
        static Shape of(FamilyConfig config, double epsilon) {
            int columns = config.size("hidden_size", 768);
            int heads = config.size("num_attention_heads", 12);
            return new Shape(
                    columns,
                    heads,
                    config.share(columns, heads),
                    config.real("layer_norm_eps", epsilon),
                    config.text("hidden_act", "gelu"));
        }
    }

    /**
     * The hidden states after the layer whose tensors' names begin with {@code layer}.
     *
     * @param bias what is added to the scores of attention
     */
    String apply(Blocks b, String layer, Shape shape, String hidden, String... bias) {
        String q = b.heads(b.linear(layer + query, hidden), shape.heads(), shape.size());
        String k = b.heads(b.linear(layer + key, hidden), shape.heads(), shape.size());
        String v = b.heads(b.linear(layer + value, hidden), shape.heads(), shape.size());
        String seen = b.attend(q, k, v, 1 / Math.sqrt(shape.size()), shape.columns(), bias);
        return rest(b, layer, shape, hidden, seen);
    }

    /** The same behind another kind of attention, which made {@code seen} of {@code hidden}. */
    String rest(Blocks b, String layer, Shape shape, String hidden, String seen) {
        String mixed = b.norm(layer + middle, b.add(b.linear(layer + output, seen), hidden), shape.epsilon());
        String active = b.activation(shape.activation(), b.linear(layer + wide, mixed));
        return b.norm(layer + last, b.add(b.linear(layer + narrow, active), mixed), shape.epsilon());
    }
}
