package dev.cloze.augment;

import java.io.Serializable;

/**
 * How many candidates are made of a document, when its parameters do not say.
 *
 * @param variants candidates of each document
 * @param originals whether documents stand beside their candidates
 * @param seed another seed draws other candidates
 */
public record Supply(int variants, Originals originals, long seed) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Candidates of a document at most: all of them are in memory together. */
    public static final int MOST_VARIANTS = 10_000;

    /** Candidates of one document at most where classes are balanced, by default. */
    public static final int DEFAULT_TO_BALANCE = 100;

    /** When nobody says otherwise. */
    public static final Supply DEFAULT = new Supply(1, Originals.LEFT_OUT, 42);

    public Supply {
        if (variants < 1 || variants > MOST_VARIANTS) {
            throw new IllegalArgumentException("A document has 1 to " + MOST_VARIANTS + " candidates");
        }
    }

    /** Whether documents stand beside their candidates. */
    public enum Originals {
        LEFT_OUT,
        /** As variant 0. */
        INCLUDED
    }
}
