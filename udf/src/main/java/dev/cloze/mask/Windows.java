package dev.cloze.mask;

import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The windows of one document through which a model of limited length sees it. A window is the template's special tokens and a
 * run of each text, so that making one costs no more than its length.
 */
public final class Windows {
    private final TokenizedDocument document;
    private final int[] template;
    /** Positions of the tokens of each text. */
    private final int[][] texts;

    private final int[] room;

    /**
     * @param limit tokens of a window, at most, the template's special tokens included
     */
    public Windows(TokenizedDocument document, int limit) {
        this.document = document;
        this.template = positions(TokenizedDocument.SPECIAL);
        this.texts = new int[][] {positions(TokenizedDocument.FIRST), positions(TokenizedDocument.SECOND)};
        this.room = room(texts[0].length, texts[1].length, limit - template.length);
    }

    private int[] positions(int side) {
        return IntStream.range(0, document.length())
                .filter(i -> document.sequenceIds()[i] == side)
                .toArray();
    }

    /**
     * The first tokens of the document. Of a pair the longer text is cut first, as with the tokenizers' {@code longest_first}.
     */
    public Window beginning() {
        return window(new int[2]);
    }

    /**
     * {@code position} as near to the middle as the ends of its text allow: the whole document when it fits. Of a pair, the
     * other text is seen from its beginning.
     */
    public Window around(int position) {
        int side = document.sequenceIds()[position];
        int index = Arrays.binarySearch(texts[side], position);
        int[] from = new int[2];
        from[side] = Math.max(0, Math.min(index - room[side] / 2, texts[side].length - room[side]));
        return window(from);
    }

    /**
     * Few windows that together show every token of the texts: each token belongs to the one window in which it is farthest
     * from where the window cuts the text off. Windows begin half a window apart, so a token has at least a quarter of a
     * window on either side, or all there is. Of a pair, the other text is seen from its beginning.
     */
    public List<WindowShare> shares() {
        if (room[0] == texts[0].length && room[1] == texts[1].length) {
            int[] all = IntStream.concat(IntStream.of(texts[0]), IntStream.of(texts[1]))
                    .toArray();
            return List.of(new WindowShare(0, beginning(), all));
        }
        List<WindowShare> shares = new ArrayList<>();
        for (int side = 0; side < texts.length; side++) {
            addShares(side, shares);
        }
        return shares;
    }

    private void addShares(int side, List<WindowShare> shares) {
        int count = texts[side].length;
        int step = Math.max(1, room[side] / 2);
        int last = count - room[side];
        int begin = 0;
        for (int own = 0; own < count; ) {
            int next = Math.min(begin + step, last);
            // Halfway between the beginning of the next window and the end of this one.
            int end = begin == last ? count : (next + begin + room[side]) / 2;
            int[] from = new int[2];
            from[side] = begin;
            shares.add(new WindowShare(shares.size(), window(from), Arrays.copyOfRange(texts[side], own, end)));
            own = end;
            begin = next;
        }
    }

    private Window window(int[] from) {
        int[] kept = Arrays.copyOf(template, template.length + room[0] + room[1]);
        System.arraycopy(texts[0], from[0], kept, template.length, room[0]);
        System.arraycopy(texts[1], from[1], kept, template.length + room[0], room[1]);
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
