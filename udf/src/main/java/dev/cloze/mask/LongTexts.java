package dev.cloze.mask;

/** What happens to a document that is longer than the model. */
public enum LongTexts {
    /** Every mask is seen with as much of the document on both sides as fits. */
    WINDOW,
    /** The end of the document is cut off, as the Python tokenizers do with {@code truncation=True}. */
    TRUNCATE,
    /** The document is not scored. */
    FAIL
}
