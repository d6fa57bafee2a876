package dev.cloze.job.nights;

/** What is delivered every night. */
public enum Delivery {
    /** The documents of the night, apart from those of other nights. */
    PARTITION,
    /** All documents that there are. Those that no earlier night had are judged, and how many there are. */
    SNAPSHOT
}
