package dev.cloze.augment;

import java.io.Serializable;

/**
 * How many candidates are made of a document, when its notes do not tell.
 *
 * @param variants candidates of each document
 * @param originals whether documents stand beside their candidates
 * @param seed another seed draws other candidates
 */
public record Supply(int variants, Originals originals, long seed) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** When nobody says otherwise. */
    public static final Supply USUAL = new Supply(1, Originals.LEFT_OUT, 42);

    /** Whether documents stand beside their candidates. */
    public enum Originals {
        LEFT_OUT,
        /** As variant 0. */
        INCLUDED
    }
}
