package dev.cloze.text;

import java.util.Objects;
import java.util.Optional;

/**
 * One row of the corpus.
 *
 * @param id names the row; equal ids draw equal random numbers
 * @param text what is scored
 * @param pair the second sentence of a sentence-pair input
 */
public record Document(String id, String text, Optional<String> pair) {
    public Document {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(pair, "pair");
    }

    /** A document of one text. */
    public static Document of(String id, String text) {
        return new Document(id, text, Optional.empty());
    }
}
