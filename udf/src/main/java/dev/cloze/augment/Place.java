package dev.cloze.augment;

/**
 * A word of a text, or a token of one.
 *
 * @param first position of its first token in the document
 * @param last position of its last token
 * @param start first UTF-16 unit of it in the text
 * @param end first UTF-16 unit after it
 * @param word the whole word that it is, or is part of
 * @param wordStart first UTF-16 unit of that word
 * @param before the word before that one; empty when there is none
 * @param after the word after it
 * @param isName whether that word is a name, see {@link Capitalised}
 */
record Place(
        int first,
        int last,
        int start,
        int end,
        String word,
        int wordStart,
        String before,
        String after,
        boolean isName) {

    /** The word with {@code text} in the place of this. */
    String wordWith(String text) {
        int at = start - wordStart;
        return word.substring(0, at) + text + word.substring(at + end - start);
    }

    Place between(String left, String right) {
        return new Place(first, last, start, end, word, wordStart, left, right, isName);
    }
}
