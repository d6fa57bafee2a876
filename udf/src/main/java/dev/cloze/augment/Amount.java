package dev.cloze.augment;

import java.io.Serializable;

/**
 * How many words of a text are changed.
 *
 * @param share of all its words, rounded up; 0 to 1
 * @param min at least so many, as far as there are
 * @param max at most so many
 */
public record Amount(double share, int min, int max) implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Words of a text that may be changed at most. */
    public static final int MOST = 1_000;

    /** When nobody says otherwise. */
    public static final Amount DEFAULT = new Amount(0.15, 1, 10);
    /** A share such as 0.1 is a little more than a tenth. */
    private static final double ROUNDING = 1e-9;

    public Amount {
        if (!(share >= 0 && share <= 1) || min < 1 || max < min || max > MOST) {
            throw new IllegalArgumentException("An amount is a share of 0 to 1, and 1 to " + MOST + " words");
        }
    }

    /**
     * @param words of the text
     * @param eligible those of them that may be changed
     */
    int of(int words, int eligible) {
        int wanted = (int) Math.ceil(share * words - ROUNDING);
        return Math.min(eligible, Math.max(min, Math.min(max, wanted)));
    }
}
