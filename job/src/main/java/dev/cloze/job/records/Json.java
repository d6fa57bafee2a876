package dev.cloze.job.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What is wanted of objects of JSON.
 *
 * @param columns keys that are wanted, with any case; all when there are none
 * @param id key, or path of a nested one, that names the rows; empty when there is none
 * @param numbers which numbers stay numbers
 * @param types of the columns as Spark writes a schema; empty when they are not known yet
 * @param options of Spark's reader of JSON
 */
public record Json(
        @JsonProperty("columns") List<String> columns,
        @JsonProperty("id") String id,
        @JsonProperty("numbers") Numbers numbers,
        @JsonProperty("types") String types,
        @JsonProperty("options") Map<String, String> options) {

    /** Which numbers stay numbers while types are found; the others become strings of the same letters. */
    public enum Numbers {
        ALL,
        /** Those that a double keeps to the last digit, and of ids those that 64 bits hold, too. */
        KEPT_BY_DOUBLE
    }

    /** The same when types are known. */
    public Json typed(String known) {
        return new Json(columns, id, Numbers.ALL, known, options);
    }

    /** The same for finding types. */
    public Json with(Numbers kept) {
        return new Json(columns, id, kept, "", options);
    }
}
