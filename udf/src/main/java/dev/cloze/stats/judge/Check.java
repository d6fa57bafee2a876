package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;

/** A rule that was judged for a slice: one test of the night's family. */
public sealed interface Check permits Forecast, Count, WeekAgainstWeeks {
    Slice slice();

    /** The rule's name. */
    String rule();

    /** How probable a value as unusual as this is when nothing happened. */
    double p();

    /** The distance from what was expected, in what it usually is. */
    double z();

    /** Whether the change is large enough to be called drift, however improbable it is. */
    boolean reachesFloor();
}
