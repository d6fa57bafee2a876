package dev.cloze.mask;

import dev.cloze.text.TokenizedDocument;
import java.util.stream.IntStream;

/** The masks that the author of a text wrote. */
public final class MaskTokens {
    private MaskTokens() {}

    /** Rising positions of the mask token. */
    public static int[] of(TokenizedDocument document, long maskId) {
        return IntStream.range(0, document.length())
                .filter(i -> document.ids()[i] == maskId && document.sequenceIds()[i] != TokenizedDocument.SPECIAL)
                .toArray();
    }

    /**
     * First UTF-16 unit of the mark at {@code position} in its text. Some models' mask token swallows the blank before it;
     * that blank is not part of the mark.
     */
    public static int start(TokenizedDocument document, int position) {
        String text = document.textOf(position);
        int start = document.starts()[position];
        while (start < document.ends()[position] && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        return start;
    }

    /** First UTF-16 unit after the mark at {@code position} in its text. */
    public static int end(TokenizedDocument document, int position) {
        String text = document.textOf(position);
        int end = document.ends()[position];
        while (end > document.starts()[position] && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
