package dev.cloze.job.chunks;

import java.time.Duration;

/** Receives messages of a run while it runs. */
public interface RunListener {
    void say(String message);

    /** What the run is doing now: may replace the last message of this kind. */
    void progress(String line);

    /** Nothing more comes after the last {@link #progress}. */
    void endProgress();

    /** How often to tell of progress. */
    Duration pace();
}
