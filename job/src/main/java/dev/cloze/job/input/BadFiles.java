package dev.cloze.job.input;

/** What becomes of a run when files of its corpus cannot be read. The others are scored in any case. */
public enum BadFiles {
    /** It fails when the others are scored. */
    FAIL,
    /** It is complete without them. */
    SKIP
}
