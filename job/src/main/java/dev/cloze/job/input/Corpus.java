package dev.cloze.job.input;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where documents come from. Either {@code texts} or {@code inputs} is empty.
 *
 * @param texts documents themselves
 * @param inputs files, directories or globs
 * @param format Spark's name of their format; found by their names when absent
 * @param readOptions options of Spark's reader
 * @param encoding of files of characters; UTF-8 when absent
 * @param textColumn what is scored; {@code text}, or the line of a text file, when absent
 * @param pairColumn the second sentence of each row
 * @param idColumn names the rows; derived from the text when absent
 * @param keep columns that are carried along
 * @param rowColumn whether a column tells where each row stands in the corpus
 */
public record Corpus(
        List<String> texts,
        List<String> inputs,
        Optional<String> format,
        Map<String, String> readOptions,
        Optional<String> encoding,
        Optional<String> textColumn,
        Optional<String> pairColumn,
        Optional<String> idColumn,
        List<String> keep,
        RowColumn rowColumn) {
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
