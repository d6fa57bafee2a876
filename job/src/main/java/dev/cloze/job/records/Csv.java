package dev.cloze.job.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A dialect of CSV.
 *
 * @param separator between fields
 * @param quote around fields, or {@link #NO_QUOTE}
 */
public record Csv(
        @JsonProperty("separator") int separator,
        @JsonProperty("quote") int quote,
        @JsonProperty("header") Header header) {

    /** In place of the quote of a dialect that has none. */
    public static final int NO_QUOTE = Characters.END;

    /** Where the names of columns stand. */
    public enum Header {
        FIRST_ROW,
        /** Nowhere: columns are called as Spark calls them. */
        NONE
    }

    /** The names of columns, given the first row. */
    List<String> names(String[] first) {
        if (header == Header.NONE) {
            return IntStream.range(0, first.length).mapToObj(i -> "_c" + i).toList();
        }
        return IntStream.range(0, first.length)
                .mapToObj(i -> first[i] == null ? "_c" + i : first[i])
                .toList();
    }
}
