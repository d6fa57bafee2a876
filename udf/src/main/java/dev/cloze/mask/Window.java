package dev.cloze.mask;

import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The part of a document that the model sees: the template's special tokens, and a run of each text.
 *
 * @param document the whole
 * @param kept rising positions of the tokens that are seen
 */
public record Window(TokenizedDocument document, int[] kept) {

    /**
     * The first tokens of a document, {@code limit} with the template's. Of a pair the longer text gives way, as with the
     * tokenizers' {@code longest_first}.
     */
    public static Window beginning(TokenizedDocument document, int limit) {
        return of(document, new int[2], room(document, limit));
    }

    /**
     * At most {@code limit} tokens with {@code position} as near to the middle as the ends of its text allow: the whole
     * document when it fits. Of a pair, the other text is seen from its beginning.
     */
    public static Window around(TokenizedDocument document, int position, int limit) {
        int[] room = room(document, limit);
        int side = document.sides()[position];
        int index = (int) IntStream.range(0, position)
                .filter(i -> document.sides()[i] == side)
                .count();
        int[] from = new int[2];
        from[side] = Math.max(0, Math.min(index - room[side] / 2, document.count(side) - room[side]));
        return of(document, from, room);
    }

    /** Where token {@code position} of the document stands in this window; negative when it is not seen. */
    public int indexOf(int position) {
        return Arrays.binarySearch(kept, position);
    }

    /** What is seen, as a document of its own. */
    public TokenizedDocument content() {
        return document.keep(kept);
    }

    /** Tokens each text may keep: the shorter one stays whole as long as the longer one is not shorter still. */
    private static int[] room(TokenizedDocument document, int limit) {
        int first = document.count(TokenizedDocument.FIRST);
        int second = document.count(TokenizedDocument.SECOND);
        int room = Math.max(0, limit - (document.length() - first - second));
        if (first + second <= room) {
            return new int[] {first, second};
        }
        int shorter = Math.min(Math.min(first, second), room / 2);
        return first > second ? new int[] {room - shorter, shorter} : new int[] {shorter, room - shorter};
    }

    private static Window of(TokenizedDocument document, int[] from, int[] room) {
        int[] seen = new int[2];
        int[] kept = IntStream.range(0, document.length())
                .filter(i -> {
                    int side = document.sides()[i];
                    if (side == TokenizedDocument.TEMPLATE) {
                        return true;
                    }
                    int index = seen[side]++;
                    return index >= from[side] && index < from[side] + room[side];
                })
                .toArray();
        return new Window(document, kept);
    }

    @Override
    public String toString() {
        return "Window[" + kept.length + " of " + document + "]";
    }
}
