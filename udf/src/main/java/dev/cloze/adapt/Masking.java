package dev.cloze.adapt;

import dev.cloze.adapt.gradient.MaskedBatch;
import dev.cloze.mask.Draw;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Masks blocks as BERT was trained ({@code DataCollatorForLanguageModeling} of transformers): each token that is not special is drawn
 * on its own, and of the drawn ones 80 % become masks, 10 % a random token of the vocabulary, and 10 % stay. What is drawn depends on the seed, the
 * block's id, the pass over the corpus and the position: see {@link Draw}.
 *
 * @param share of the tokens that is drawn
 * @param seed another seed draws other tokens
 * @param maskId hides a token
 * @param padId fills the shorter rows of a batch
 * @param words how many tokens the tokenizer knows
 */
public record Masking(double share, long seed, long maskId, long padId, int words) {
    /** The pass whose masks are those of held-out blocks. */
    static final int EVALUATION = 0;

    private static final double MASKED = 0.8;
    private static final double MASKED_OR_RANDOM = 0.9;

    /**
     * A batch of {@code blocks}.
     *
     * @param pass number of the pass over the corpus: 1 in the first epoch
     */
    MaskedBatch batch(List<Block> blocks, int pass) {
        int width = blocks.stream().mapToInt(Block::length).max().orElseThrow();
        int tokens = blocks.size() * width;
        long[] ids = new long[tokens];
        Arrays.fill(ids, padId);
        long[] attention = new long[tokens];
        long[] typeIds = new long[tokens];
        LongStream.Builder positions = LongStream.builder();
        LongStream.Builder labels = LongStream.builder();
        for (int row = 0; row < blocks.size(); row++) {
            Block block = blocks.get(row);
            int from = row * width;
            widen(block.ids(), ids, from);
            widen(block.typeIds(), typeIds, from);
            Arrays.fill(attention, from, from + block.length(), 1);
            for (int i = 0; i < block.length(); i++) {
                Draw draw = block.isSpecial()[i] ? null : Draw.of(seed, block.id(), pass, i);
                if (draw != null && draw.uniform(0) < share) {
                    positions.add(from + i);
                    labels.add(block.ids()[i]);
                    ids[from + i] = hidden(draw, block.ids()[i]);
                }
            }
        }
        return new MaskedBatch(
                blocks.size(),
                width,
                ids,
                attention,
                typeIds,
                positions.build().toArray(),
                labels.build().toArray());
    }

    private static void widen(int[] values, long[] target, int from) {
        for (int i = 0; i < values.length; i++) {
            target[from + i] = values[i];
        }
    }

    private long hidden(Draw draw, long id) {
        double fate = draw.uniform(1);
        if (fate < MASKED) {
            return maskId;
        }
        return fate < MASKED_OR_RANDOM ? (long) (draw.uniform(2) * words) : id;
    }
}
