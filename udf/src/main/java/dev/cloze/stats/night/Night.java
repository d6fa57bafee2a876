package dev.cloze.stats.night;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An audited night.
 *
 * @param slices states of its slices; only {@link Slice#CORPUS} where the corpus has no slices
 */
public record Night(LocalDate date, Map<Slice, SliceState> slices) {
    public Night {
        slices = Collections.unmodifiableMap(new LinkedHashMap<>(slices));
    }

    /** The state of {@code slice}; empty when it has no row. */
    public SliceState of(Slice slice) {
        return slice.isCorpus() ? corpus() : slices.getOrDefault(slice, SliceState.EMPTY);
    }

    private SliceState corpus() {
        return slices.values().stream().reduce(SliceState.EMPTY, SliceState::plus);
    }
}
