package dev.cloze.job.chunks;

/** Which rows of a task may stand in one batch; the last digits of a figure depend on that. */
public enum Batches {
    /** Those of all chunks of a task, which fills batches. */
    ACROSS_CHUNKS,
    /** Those of one chunk, so that a run which was killed and resumed has the digits of an undisturbed one. */
    WITHIN_CHUNKS
}
