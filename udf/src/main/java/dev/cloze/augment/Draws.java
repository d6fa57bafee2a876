package dev.cloze.augment;

import dev.cloze.mask.Draw;

/**
 * Random numbers of one try at one candidate, each of {@link Draw} with {@code 5 × variant + attempt} in the place of a window's
 * number: they depend on the seed, the document's id, the variant, the attempt and the position, and on nothing else.
 *
 * @param seed of the run
 * @param documentId names the document
 * @param variant from 1
 * @param attempt from 0
 */
record Draws(long seed, String documentId, int variant, int attempt) {
    static final int ATTEMPTS = 5;

    /** The words with the lowest numbers are changed. */
    double order(int position) {
        return at(position).uniform(0);
    }

    /** Of how many pieces the word at a position is to be. */
    double pieces(int position) {
        return at(position).uniform(1);
    }

    /** Which word, or which piece of it, is put in. */
    double token(int position, int piece) {
        return at(-1 - position).uniform(piece);
    }

    private Draw at(int position) {
        return Draw.of(seed, documentId, ATTEMPTS * variant + attempt, position);
    }
}
