package dev.cloze.job.audit;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The documents of a night beside those of the nights before.
 *
 * @param night of which a page is made
 * @param before the last nights before it
 */
record NightStates(Night night, List<Night> before) {
    /** Nights that a distribution is compared with. */
    static final int REFERENCE = 28;

    /** Night {@code index} of {@code nights}, which are in the order of their dates. */
    static NightStates of(List<Night> nights, int index) {
        return new NightStates(nights.get(index), nights.subList(Math.max(0, index - REFERENCE), index));
    }

    SliceState of(Slice slice) {
        return night.of(slice);
    }

    /** Documents of the nights before together. */
    Histogram pooled(Slice slice) {
        return before.stream().map(each -> each.of(slice).histogram()).reduce(Histogram.EMPTY, Histogram::plus);
    }

    /** All slices of tonight, and the whole corpus, which is the last. */
    Map<Slice, SliceState> all() {
        Map<Slice, SliceState> all = new LinkedHashMap<>(night.slices());
        all.remove(Slice.CORPUS);
        all.put(Slice.CORPUS, night.of(Slice.CORPUS));
        return all;
    }

    /** The slices of tonight in the order of {@code first}, then the others. */
    List<Slice> ordered(List<Slice> first) {
        Map<Slice, SliceState> all = all();
        List<Slice> ordered = new ArrayList<>(
                first.stream().filter(slice -> !slice.isCorpus()).distinct().toList());
        all.keySet().stream().filter(slice -> !ordered.contains(slice)).forEach(ordered::add);
        return ordered;
    }
}
