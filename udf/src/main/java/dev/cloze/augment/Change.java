package dev.cloze.augment;

import java.io.Serializable;

/**
 * What is done to a text.
 *
 * @param action whether words give way
 * @param unit what is changed at once
 * @param order whether changes of one candidate know of each other
 * @param fewestPieces tokens that a new word is made of, at least
 * @param mostPieces at most
 * @param capitals how a new word is written
 */
public record Change(Action action, Unit unit, Order order, int fewestPieces, int mostPieces, Capitals capitals)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** A mask for each piece; the model sees that many more tokens. */
    public static final int MOST_PIECES = 3;

    /** When nobody says otherwise. */
    public static final Change DEFAULT = new Change(Action.REPLACE, Unit.WORD, Order.SIMULTANEOUS, 1, 1, Capitals.KEEP);

    public Change {
        if (fewestPieces < 1 || mostPieces < fewestPieces || mostPieces > MOST_PIECES) {
            throw new IllegalArgumentException("A word is made of one to three pieces");
        }
    }

    /** Whether words give way. */
    public enum Action {
        /** A word is replaced by another. */
        REPLACE,
        /** A word is put before another that follows a blank. */
        INSERT
    }

    /** What is changed at once. */
    public enum Unit {
        /** A whole word of the model's pre-tokenizer, whatever number of tokens it has. */
        WORD,
        /** One token, be it a word or a part of one; a part is replaced by a part. */
        PIECE
    }

    /** Whether changes of one candidate know of each other. */
    public enum Order {
        /** All words are hidden together. */
        SIMULTANEOUS,
        /** One word after the other, from left to right: the model reads what was put in before. */
        SEQUENTIAL
    }

    /** Number of pieces for a uniform number from 0 to 1. */
    int pieces(double uniform) {
        return fewestPieces + (int) (uniform * (mostPieces - fewestPieces + 1));
    }
}
