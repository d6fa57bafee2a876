package dev.cloze.adapt;

import dev.cloze.scoring.Examples;
import dev.cloze.text.SubwordTokenizer;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A piece of the corpus that the model sees at once. A corpus has many: a token takes five bytes in most.
 *
 * @param id names it within the corpus
 * @param ids of its tokens
 * @param typeIds of its tokens; empty when all are 0
 * @param isSpecial whether a token is one of the model's template, which is never masked
 */
public record Block(String id, int[] ids, int[] typeIds, boolean[] isSpecial) {
    private static final int[] ZEROS = {};

    private static Block of(TokenizedDocument example) {
        boolean[] special = new boolean[example.length()];
        for (int i = 0; i < special.length; i++) {
            special[i] = example.sequenceIds()[i] == TokenizedDocument.SPECIAL;
        }
        int[] typeIds = narrow(example.typeIds());
        boolean zeros = Arrays.stream(typeIds).allMatch(type -> type == 0);
        return new Block(example.document().id(), narrow(example.ids()), zeros ? ZEROS : typeIds, special);
    }

    private static int[] narrow(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    /**
     * The blocks that transformers' {@code run_mlm} makes of rows.
     *
     * @param size tokens of a block, special ones included
     */
    public static List<Block> cut(Iterator<String> rows, Examples examples, int size, SubwordTokenizer tokenizer) {
        List<Block> blocks = new ArrayList<>();
        for (long batch = 0; rows.hasNext(); batch++) {
            Examples.Cutter cutter = examples.cutter(batch, size, tokenizer);
            for (int row = 0; row < Examples.ROWS && rows.hasNext(); row++) {
                cutter.add(rows.next()).forEach(example -> blocks.add(of(example)));
            }
        }
        return blocks;
    }

    /** At most {@code most} tokens of it. */
    Block beginning(int most) {
        int length = Math.min(most, ids.length);
        return new Block(
                id,
                Arrays.copyOf(ids, length),
                typeIds.length == 0 ? typeIds : Arrays.copyOf(typeIds, length),
                Arrays.copyOf(isSpecial, length));
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    @Override
    public String toString() {
        return "Block[" + id + ", " + ids.length + " tokens]";
    }
}
