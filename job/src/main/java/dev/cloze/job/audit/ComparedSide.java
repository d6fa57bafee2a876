package dev.cloze.job.audit;

import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One of two sets of documents that are compared.
 *
 * @param name as the user knows it
 * @param night their states
 * @param table they themselves, where they are at hand
 */
record ComparedSide(String name, Night night, Optional<ScoreTable> table) {
    /** Of documents whose dates do not matter. */
    static final LocalDate ANY_NIGHT = LocalDate.EPOCH;

    /** The slices, or the whole corpus where there are none. */
    Map<Slice, SliceState> slices() {
        Map<Slice, SliceState> slices = new LinkedHashMap<>(night.slices());
        slices.values().removeIf(state -> state.rows() == 0);
        return slices;
    }

    SliceState corpus() {
        return night.of(Slice.CORPUS);
    }
}
