package dev.cloze.scoring;

/** What is counted while documents are scored. */
public enum Metric {
    /** Documents that have their outcome. */
    ROWS,
    /** Those of them that were not scored, because an equal one was. */
    REPEATED,
    /** Tokens that the model read, special ones included. */
    TOKENS,
    /** Tokens that filled shorter variants of a batch up. */
    PADDING,
    /** Runs of the model. */
    BATCHES,
    /** Nanoseconds in the tokenizer. */
    TOKENIZE,
    /** Nanoseconds in which variants were made of documents. */
    PLAN,
    /** Nanoseconds in the model. */
    RUN,
    /** Nanoseconds in which results became files. */
    WRITE
}
