package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.List;

/**
 * A night beside what was before it.
 *
 * @param index of the night among those that count, from 0
 * @param series of every slice that has appeared, in the order of their appearance, and of the whole corpus, which is the last
 */
record Tonight(int index, LocalDate date, List<Series> series) {

    /** A slice, or the whole corpus. */
    record Series(Slice slice, Past past, SliceState state) {}

    /** Monday is 0. */
    int weekday() {
        return date.getDayOfWeek().ordinal();
    }
}
