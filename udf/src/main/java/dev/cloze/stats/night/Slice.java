package dev.cloze.stats.night;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A group of documents, or the whole corpus.
 *
 * @param values of the columns that slices are made by, null where a document has none; empty for the whole corpus
 */
public record Slice(List<String> values) {
    /** The whole corpus. */
    public static final Slice CORPUS = new Slice(List.of());

    /** What is shown for a document without a value. */
    private static final String NONE = "(none)";

    public Slice {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** The slice of these values. */
    public static Slice of(String... values) {
        return new Slice(List.of(values));
    }

    public boolean isCorpus() {
        return values.isEmpty();
    }

    /** As a person reads it. */
    public String label() {
        return isCorpus()
                ? "whole corpus"
                : values.stream().map(value -> value == null ? NONE : value).collect(Collectors.joining(", "));
    }
}
