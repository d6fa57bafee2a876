package dev.cloze.mask;

import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The windows of one document through which a model of limited length sees it. Both texts are runs of tokens, so that making
 * a window costs no more than its length.
 */
public final class Windows {
    private final TokenizedDocument document;
    private final int[] template;
    private final int[] start = new int[2];
    private final int[] count = new int[2];
    private final int[] room;

    /**
     * @param limit tokens of a window, at most, the template's special tokens included
     */
    public Windows(TokenizedDocument document, int limit) {
        this.document = document;
        this.template = IntStream.range(0, document.length())
                .filter(i -> document.sides()[i] == TokenizedDocument.TEMPLATE)
                .toArray();
        for (int side = 0; side < start.length; side++) {
            count[side] = document.count(side);
            start[side] = first(side);
        }
        this.room = room(count[0], count[1], limit - template.length);
    }

    private int first(int side) {
        return IntStream.range(0, document.length())
                .filter(i -> document.sides()[i] == side)
                .findFirst()
                .orElse(0);
    }

    /**
     * The first tokens of the document. Of a pair the longer text gives way, as with the tokenizers' {@code longest_first}.
     */
    public Window beginning() {
        return window(new int[2]);
    }

    /**
     * {@code position} as near to the middle as the ends of its text allow: the whole document when it fits. Of a pair, the
     * other text is seen from its beginning.
     */
    public Window around(int position) {
        int side = document.sides()[position];
        int index = position - start[side];
        int[] from = new int[2];
        from[side] = Math.max(0, Math.min(index - room[side] / 2, count[side] - room[side]));
        return window(from);
    }

    private Window window(int[] from) {
        IntStream first = IntStream.range(0, room[0]).map(i -> start[0] + from[0] + i);
        IntStream second = IntStream.range(0, room[1]).map(i -> start[1] + from[1] + i);
        int[] kept = IntStream.concat(IntStream.of(template), IntStream.concat(first, second))
                .toArray();
        Arrays.sort(kept);
        return new Window(document, kept);
    }

    /** Tokens each text may keep: the shorter one stays whole as long as the longer one is not shorter still. */
    private static int[] room(int first, int second, int limit) {
        int room = Math.max(0, limit);
        if (first + second <= room) {
            return new int[] {first, second};
        }
        int shorter = Math.min(Math.min(first, second), room / 2);
        return first > second ? new int[] {room - shorter, shorter} : new int[] {shorter, room - shorter};
    }
}
