package dev.cloze.importing.family;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import dev.cloze.importing.source.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Attention as DeBERTa-v2 has it.
 *
 * @param kinds of scores beside those of contents: {@code c2p}, {@code p2c}
 * @param span relative positions on either side
 * @param embeddings of relative positions, {@code [1, 2 · span, columns]}; empty when there are none
 * @param index {@code [sequence, sequence]}: the relative position of query less key, from 0 on
 */
record Disentangled(Blocks b, EncoderLayer.Shape shape, Set<String> kinds, int span, String embeddings, String index) {
    private static final String ENCODER = "deberta.encoder.";
    private static final String KINDS = "pos_att_type";
    private static final Set<String> BUILT = Set.of("c2p", "p2c");

    static Disentangled of(Blocks b, FamilyConfig config, EncoderLayer.Shape shape) {
        if (!config.says("relative_attention")) {
            return new Disentangled(b, shape, Set.of(), 0, "", "");
        }
        int farthest = Math.max(-1, config.json().path("max_relative_positions").asInt(-1));
        int most = farthest < 1 ? config.size("max_position_embeddings", 512) : farthest;
        int buckets = config.json().path("position_buckets").asInt(-1);
        int span = buckets > 0 ? buckets : most;
        Set<String> kinds = kinds(config);
        String table = b.weight(ENCODER + "rel_embeddings.weight");
        boolean normal =
                config.text("norm_rel_ebd", "none").toLowerCase(Locale.ROOT).contains("layer_norm");
        String all = normal ? b.norm(ENCODER + "LayerNorm", table, shape.epsilon()) : table;
        String rows = b.op("Slice", all, b.wholes(0), b.wholes(2L * span), b.wholes(0));
        String distance = b.op("Neg", b.distance());
        String bucketed = buckets > 0 ? bucketed(b, distance, buckets, most) : distance;
        return new Disentangled(b, shape, kinds, span, b.op("Unsqueeze", rows, b.wholes(0)), bucketed);
    }

    private static Set<String> kinds(FamilyConfig config) {
        Set<String> kinds = config.texts(KINDS)
                .map(kind -> kind.toLowerCase(Locale.ROOT))
                .filter(kind -> !kind.isEmpty())
                .collect(Collectors.toSet());
        kinds.stream().filter(kind -> !BUILT.contains(kind)).findFirst().ifPresent(kind -> {
            throw config.unsupported(KINDS + " " + Subject.shown(kind));
        });
        return kinds;
    }

    /** Near distances one by one, far ones by their logarithm, in 32-bit floats as transformers computes it. */
    private static String bucketed(Blocks b, String distance, int buckets, int farthest) {
        int half = buckets / 2;
        String size = b.op("Abs", distance);
        String near = b.op("LessOrEqual", size, b.whole(half));
        // Where the logarithm is not looked at, it is that of a harmless number.
        String safe = b.op("Max", size, b.whole(Math.max(1, half)));
        String logarithm = b.op("Log", b.op("Div", b.floats(safe), b.number(half)));
        String steps = b.multiply(
                b.op("Div", logarithm, b.number(Math.log((float) ((double) (farthest - 1) / half)))),
                b.number(half - 1));
        String far = b.multiply(b.add(b.op("Ceil", steps), b.number(half)), b.floats(b.op("Sign", distance)));
        return b.op("Where", near, distance, b.integers(far));
    }

    /** The hidden states that the attention whose tensors' names begin with {@code name} makes of {@code hidden}. */
    String apply(String name, String hidden) {
        String q = heads(name + "query_proj", hidden);
        String k = heads(name + "key_proj", hidden);
        String v = heads(name + "value_proj", hidden);
        double scale = 1 / Math.sqrt((double) shape.size() * (1 + kinds.size()));
        String scores = b.op("MatMul", q, b.transpose(k, 0L, 1L, 3L, 2L));
        if (kinds.contains("c2p")) {
            String keys = positions(name, "key_proj", "pos_key_proj");
            scores = b.add(scores, gathered(q, keys, clipped(index)));
        }
        if (kinds.contains("p2c")) {
            String queries = positions(name, "query_proj", "pos_query_proj");
            String gathered = gathered(k, queries, clipped(b.op("Neg", index)));
            scores = b.add(scores, b.transpose(gathered, 0L, 1L, 3L, 2L));
        }
        return b.weigh(b.multiply(scores, b.number(scale)), v, shape.columns(), b.everywhere());
    }

    private String heads(String linear, String hidden) {
        return b.heads(b.linear(linear, hidden), shape.heads(), shape.size());
    }

    /** The relative positions as heads, by the map of contents or by one of their own. */
    private String positions(String name, String shared, String own) {
        return heads(name + (b.has(name + own + ".weight") ? own : shared), embeddings);
    }

    private String clipped(String positions) {
        String from = b.op("Max", b.add(positions, b.whole(span)), b.whole(0));
        return b.op("Min", from, b.whole(2L * span - 1));
    }

    /** Of each token's scores with all relative positions, those of the positions at {@code index}. */
    private String gathered(String tokens, String positions, String index) {
        String all = b.op("MatMul", tokens, b.transpose(positions, 0L, 1L, 3L, 2L));
        String shape = b.op("Shape", List.of(all), attribute("end", 3));
        String width = b.op("Shape", List.of(index), attribute("start", -1));
        String target = b.op("Concat", List.of(shape, width), attribute("axis", 0));
        String wide = b.op("Expand", index, target);
        return b.op("GatherElements", List.of(all, wide), attribute("axis", -1));
    }
}
