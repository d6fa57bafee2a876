package dev.cloze.text;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One row of the corpus.
 *
 * @param id names the row; equal ids draw equal random numbers
 * @param text what is scored
 * @param pair the second sentence of a sentence-pair input
 * @param parameters values for this row alone, by the names that tasks give them
 */
public record Document(String id, String text, Optional<String> pair, Map<String, Object> parameters) {
    public Document {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(pair, "pair");
        parameters = Map.copyOf(parameters);
    }

    /** A document of which there is nothing else to tell. */
    public Document(String id, String text, Optional<String> pair) {
        this(id, text, pair, Map.of());
    }

    /** A document of one text. */
    public static Document of(String id, String text) {
        return new Document(id, text, Optional.empty());
    }
}
