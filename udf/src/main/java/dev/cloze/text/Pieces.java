package dev.cloze.text;

import dev.cloze.text.Piece.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What single tokens are, found out once for each by decoding it after another token. */
final class Pieces {
    private static final String ANCHOR = "a";

    private final SubwordTokenizer tokenizer;
    private final Map<Long, Piece> known = new ConcurrentHashMap<>();

    Pieces(SubwordTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    Piece of(long id) {
        return known.computeIfAbsent(id, this::find);
    }

    private Piece find(long id) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        if (vocabulary.isSpecial(id)
                || vocabulary.isUnknown(id)
                || vocabulary.token(id).isEmpty()) {
            return new Piece("", Kind.SPECIAL, false);
        }
        long anchor = tokenizer.pieces(ANCHOR)[0];
        String before = tokenizer.decode(new long[] {anchor});
        String both = tokenizer.decode(new long[] {anchor, id});
        String rest = both.startsWith(before) ? both.substring(before.length()) : both;
        boolean isHead = rest.startsWith(" ");
        String text = rest.strip();
        return new Piece(text, isHead ? Kind.HEAD : Kind.CONTINUATION, isWord(text, id, isHead));
    }

    private boolean isWord(String text, long id, boolean isHead) {
        if (text.isEmpty()) {
            return false;
        }
        long[] afterBlank = tokenizer.pieces(" " + text);
        if (isHead) {
            return isOnly(afterBlank, id);
        }
        // Where blanks belong to words, what begins a text is spelled without one.
        return afterBlank.length == 1 && isOnly(tokenizer.pieces(text), id);
    }

    private static boolean isOnly(long[] pieces, long id) {
        return pieces.length == 1 && pieces[0] == id;
    }
}
