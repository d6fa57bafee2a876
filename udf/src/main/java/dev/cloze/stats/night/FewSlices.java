package dev.cloze.stats.night;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts slices together where there are too many: those that appeared first stay for good, so that nights stay comparable. */
public final class FewSlices {
    private static final String OTHER = "(other)";

    private FewSlices() {}

    /**
     * The same nights with at most {@code most} slices and one of all others.
     *
     * @param nights in the order of their dates
     */
    public static List<Night> of(List<Night> nights, int most) {
        Set<Slice> kept = new HashSet<>();
        for (Night night : nights) {
            night.slices().entrySet().stream()
                    .filter(each -> each.getValue().documents() > 0 && !kept.contains(each.getKey()))
                    .sorted(Comparator.comparing((Map.Entry<Slice, SliceState> each) ->
                                    -each.getValue().documents())
                            .thenComparing(each -> each.getKey().label()))
                    .limit(most - kept.size())
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(kept::add);
        }
        return nights.stream().map(night -> of(night, kept)).toList();
    }

    private static Night of(Night night, Set<Slice> kept) {
        Map<Slice, SliceState> slices = new LinkedHashMap<>();
        night.slices()
                .forEach((slice, state) ->
                        slices.merge(kept.contains(slice) ? slice : other(slice), state, SliceState::plus));
        return new Night(night.date(), slices);
    }

    /** Rows without any document are nobody's. */
    private static Slice other(Slice slice) {
        return new Slice(Collections.nCopies(slice.values().size(), OTHER));
    }
}
