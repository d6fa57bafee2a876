package dev.cloze.job.plan;

/** What becomes of a run when files of its corpus changed since its plan was made. */
public enum ChangedFiles {
    /** It is refused. */
    REFUSE,
    /** What changed is scored anew. */
    SCORE_ANEW
}
