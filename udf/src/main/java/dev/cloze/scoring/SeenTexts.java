package dev.cloze.scoring;

import dev.cloze.text.Document;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The texts that were seen last, with what became of them. Memory is bounded by the number of texts and of their characters; a text that
 * comes again and again stays.
 */
final class SeenTexts<T> {
    private static final int MOST = 4096;
    /** What is kept of a text may be large, such as a vector of each token. */
    private static final int MOST_CHARACTERS = 1 << 16;
    /** A text as long as this would drive many others out. */
    private static final int LONGEST = MOST_CHARACTERS / 16;

    private final Map<Document, T> texts = new LinkedHashMap<>(16, 0.75f, true);
    private int characters;

    Optional<T> find(Document text) {
        return Optional.ofNullable(texts.get(text));
    }

    void keep(Document text, T fate) {
        if (size(text) > LONGEST) {
            return;
        }
        texts.put(text, fate);
        characters += size(text);
        while (texts.size() > MOST || characters > MOST_CHARACTERS) {
            Document oldest = texts.keySet().iterator().next();
            texts.remove(oldest);
            characters -= size(oldest);
        }
    }

    private static int size(Document text) {
        return text.text().length() + text.pair().map(String::length).orElse(0);
    }
}
