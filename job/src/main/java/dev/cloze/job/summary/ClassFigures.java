package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/**
 * The figures of one class in {@code _summary.json}: how many documents and candidates it has.
 *
 * @param name of the class
 * @param documents of the corpus
 * @param candidates that were made of them
 */
@JsonPropertyOrder({"class", "documents", "candidates", "together"})
public record ClassFigures(@JsonProperty("class") String name, long documents, long candidates) {
    /**
     * Of every class, by its name.
     *
     * @param documents of each class
     * @param candidates of the classes that have some
     */
    public static List<ClassFigures> of(Map<String, Long> documents, Map<String, Long> candidates) {
        return documents.entrySet().stream()
                .map(each ->
                        new ClassFigures(each.getKey(), each.getValue(), candidates.getOrDefault(each.getKey(), 0L)))
                .toList();
    }

    /** How large the class is with its candidates. */
    @JsonProperty
    public long together() {
        return documents + candidates;
    }
}
