package dev.cloze.stats.simulation;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.SliceState;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Documents of a slice that are being added up; fast, and exact enough for made-up ones. */
final class Documents {
    private static final int BINS = 1_200;

    private long count;
    private long tokens;
    private double c;
    private double c2;
    private double n2;
    private double nll;
    private double nNll;
    private double nll2;
    private final long[] bins = new long[BINS];
    private final TreeMap<String, Long> marks = new TreeMap<>();
    private long others;
    private long badRows;

    void add(long n, double crossEntropy) {
        double sum = n * crossEntropy;
        count++;
        tokens += n;
        c += crossEntropy;
        c2 += crossEntropy * crossEntropy;
        n2 += (double) n * n;
        nll += sum;
        nNll += n * sum;
        nll2 += sum * sum;
        bins[Math.min(BINS - 1, Histogram.bin(crossEntropy))]++;
    }

    void mark(String name, long documents) {
        marks.merge(name, documents, Long::sum);
    }

    void inAnotherLanguage(long documents) {
        others += documents;
    }

    void badRows(long rows) {
        badRows += rows;
    }

    SliceState state() {
        TreeMap<String, Long> all = new TreeMap<>(marks);
        all.replaceAll((name, documents) -> Math.min(count, documents));
        long other = Math.min(count, others);
        return new SliceState(
                count + badRows,
                count,
                new SliceState.Sums(c, c2, tokens, n2, nll, nNll, nll2),
                Histogram.of(0, Arrays.copyOf(bins, BINS)),
                all,
                new TreeMap<>(Map.of("en", count - other, "other", other)),
                new TreeMap<>());
    }
}
