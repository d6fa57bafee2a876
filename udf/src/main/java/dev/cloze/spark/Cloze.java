package dev.cloze.spark;

import dev.cloze.spark.catalyst.Request;

/**
 * Scores a column of a dataset, for Java and Scala:
 *
 * <pre>{@code
 * Dataset<Row> filled = sentences.transform(Cloze.fillMask("text").topK(3));
 * }</pre>
 *
 * <p>Rows keep their columns and get those of the command of that name, with {@code status} and {@code error}: every row has an answer
 * or a reason. Models and all else are settings of the session under {@code spark.cloze.}, or given with {@code option}. Works on
 * streams, too. No extension need be installed.
 */
public final class Cloze {
    private Cloze() {}

    /** Fills every mask of {@code textColumn}. */
    public static FillMaskColumns fillMask(String textColumn) {
        return new FillMaskColumns(Request.of(textColumn));
    }

    /** Measures cross-entropy and perplexity of {@code textColumn}. */
    public static PerplexityColumns perplexity(String textColumn) {
        return new PerplexityColumns(Request.of(textColumn));
    }

    /** Makes other sentences of {@code textColumn}. */
    public static AugmentRows augment(String textColumn) {
        return new AugmentRows(Request.of(textColumn));
    }

    /** Describes {@code textColumn} with a vector. */
    public static EmbedColumns embed(String textColumn) {
        return new EmbedColumns(Request.of(textColumn));
    }
}
