package dev.cloze.augment;

/**
 * A word of a text, or a token of one.
 *
 * @param first position of its first token in the document
 * @param last position of its last token
 * @param start first UTF-16 unit of it in the text
 * @param end first UTF-16 unit after it
 * @param word the whole word that it is, or is part of
 */
record Place(int first, int last, int start, int end, Word word) {

    /**
     * A word and what stands beside it.
     *
     * @param text of the word
     * @param start first UTF-16 unit of it in the text
     * @param before the word before it; empty when there is none
     * @param after the word after it
     * @param isName whether it is a name, see {@link Capitalised}
     */
    record Word(String text, int start, String before, String after, boolean isName) {}

    /** What of the word stands here. */
    String text() {
        return word.text().substring(start - word.start(), end - word.start());
    }

    /** The word with {@code text} in the place of this. */
    String wordWith(String text) {
        return word.text().substring(0, start - word.start())
                + text
                + word.text().substring(end - word.start());
    }

    Place between(String left, String right) {
        return new Place(first, last, start, end, new Word(word.text(), word.start(), left, right, word.isName()));
    }
}
