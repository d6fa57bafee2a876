package dev.cloze.stats.night;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
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

    /** By their values, a missing one before all others: no two slices are equal in it. */
    public static final Comparator<Slice> BY_VALUES = (left, right) ->
            Arrays.compare(left.array(), right.array(), Comparator.nullsFirst(Comparator.naturalOrder()));

    /** What is shown for a document without a value. */
    public static final String NONE = "(none)";

    public Slice {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** The slice of these values. */
    public static Slice of(String... values) {
        return new Slice(List.of(values));
    }

    private String[] array() {
        return values.toArray(String[]::new);
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
