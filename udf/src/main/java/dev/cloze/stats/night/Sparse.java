package dev.cloze.stats.night;

import java.io.Serializable;
import java.util.TreeMap;

/** A {@link Histogram} that is being filled: few of its bins have documents. */
final class Sparse implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<Integer, Long> bins = new TreeMap<>();

    void add(int bin, long documents) {
        bins.merge(bin, documents, Long::sum);
    }

    void add(Sparse other) {
        other.bins.forEach(this::add);
    }

    Histogram histogram() {
        if (bins.isEmpty()) {
            return Histogram.EMPTY;
        }
        int first = bins.firstKey();
        long[] counts = new long[bins.lastKey() - first + 1];
        bins.forEach((bin, documents) -> counts[bin - first] = documents);
        return Histogram.of(first, counts);
    }
}
