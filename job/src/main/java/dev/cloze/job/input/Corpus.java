package dev.cloze.job.input;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where documents come from. Either {@code texts} or {@code inputs} is empty.
 *
 * @param texts documents themselves
 * @param inputs files, directories or globs
 * @param reading how they are read
 * @param columns what their columns are to the job
 */
public record Corpus(List<String> texts, List<String> inputs, Reading reading, Columns columns) {

    /**
     * How files are read.
     *
     * @param format Spark's name of it; found by the files' names when absent
     * @param options of Spark's reader
     * @param encoding of files of characters; UTF-8 when absent
     */
    public record Reading(Optional<String> format, Map<String, String> options, Optional<String> encoding) {}

    /**
     * What columns are to the job.
     *
     * @param text what is scored; {@code text}, or the line of a text file, when absent
     * @param pair the second sentence of each row
     * @param id names the rows; derived from the text when absent
     * @param keep columns that are carried along
     * @param row whether a column is added that tells where each row stands in the corpus
     */
    public record Columns(
            Optional<String> text, Optional<String> pair, Optional<String> id, List<String> keep, RowColumn row) {}

    /** What tells where each row stands. */
    public enum RowColumn {
        NONE,
        FILE_AND_NUMBER
    }

    /** What column {@code name}, or the nested field of that path, is called in the output. */
    public static String outputName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
