package dev.cloze.text;

/**
 * What a token is in a text.
 *
 * @param text without the blank before it and without marks of continuation
 * @param kind how it joins what stands before it
 * @param isWord whether the tokenizer reads {@code text} as this one token where a word begins
 */
public record Piece(String text, Kind kind, boolean isWord) {

    /** How a token joins what stands before it. */
    public enum Kind {
        /** It begins a word after a blank; of tokenizers that do not tell blanks, any word. */
        HEAD,
        /** It follows directly. */
        CONTINUATION,
        /** It stands for no text. */
        SPECIAL
    }
}
