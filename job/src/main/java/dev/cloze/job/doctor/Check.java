package dev.cloze.job.doctor;

/** One thing that a run needs of the JVM it runs in. */
interface Check {

    /** What it is, in a word or two. */
    String name();

    /**
     * What was found, when it is as it should be.
     *
     * @throws dev.cloze.failure.ClozeException when it is not; with the repair
     */
    String look() throws Exception;
}
