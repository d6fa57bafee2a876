package dev.cloze.stats.night;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one night of one slice leaves behind: sums and counts, which add up with those of other slices and nights.
 *
 * @param rows that were delivered
 * @param documents the rows that are no bad rows
 * @param sums over the documents with a score
 * @param histogram of these by their cross-entropy: of N documents, which are all, or a sample
 * @param marks documents with each mark that was counted; what was not counted is absent
 * @param languages documents of each language; empty where languages were not counted
 * @param scripts documents by their most frequent script; empty where these were not counted
 * @param lines lines that several documents have
 */
public record SliceState(
        long rows,
        long documents,
        Sums sums,
        Histogram histogram,
        SortedMap<String, Long> marks,
        SortedMap<String, Long> languages,
        SortedMap<String, Long> scripts,
        LineCounts lines) {

    public static final SliceState EMPTY =
            new SliceState(0, 0, Sums.NONE, Histogram.EMPTY, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /** A state without lines. */
    public SliceState(
            long rows,
            long documents,
            Sums sums,
            Histogram histogram,
            SortedMap<String, Long> marks,
            SortedMap<String, Long> languages,
            SortedMap<String, Long> scripts) {
        this(rows, documents, sums, histogram, marks, languages, scripts, LineCounts.NONE);
    }

    /**
     * Sums over documents, where n is a document's number of scored tokens, nll their negative log-likelihood in nats, and c = nll / n
     * the document's cross-entropy.
     *
     * @param c Σc
     * @param c2 Σc²
     * @param n Σn
     * @param n2 Σn²
     * @param nll Σnll
     * @param nNll Σn·nll
     * @param nll2 Σnll²
     */
    public record Sums(double c, double c2, long n, double n2, double nll, double nNll, double nll2) {
        static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    c + other.c,
                    c2 + other.c2,
                    n + other.n,
                    n2 + other.n2,
                    nll + other.nll,
                    nNll + other.nNll,
                    nll2 + other.nll2);
        }
    }

    public SliceState {
        if (documents < 0 || rows < documents || histogram.total() > documents) {
            throw new IllegalArgumentException("its counts are impossible");
        }
        marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
        languages = Collections.unmodifiableSortedMap(new TreeMap<>(languages));
        scripts = Collections.unmodifiableSortedMap(new TreeMap<>(scripts));
    }

    public long badRows() {
        return rows - documents;
    }

    /** N, the documents with a score: all, unless the model read a sample. */
    public long scored() {
        return histogram.total();
    }

    /** Rows that have a score or should have one. */
    public long tried() {
        return scored() + badRows();
    }

    /** Σnll / Σn; only where there are documents. */
    public double crossEntropy() {
        return sums.nll / sums.n;
    }

    public SliceState plus(SliceState other) {
        return new SliceState(
                rows + other.rows,
                documents + other.documents,
                sums.plus(other.sums),
                histogram.plus(other.histogram),
                plus(marks, other.marks),
                plus(languages, other.languages),
                plus(scripts, other.scripts),
                lines.plus(other.lines));
    }

    private static SortedMap<String, Long> plus(Map<String, Long> one, Map<String, Long> other) {
        SortedMap<String, Long> sum = new TreeMap<>(one);
        other.forEach((name, count) -> sum.merge(name, count, Long::sum));
        return sum;
    }

    /** Whether the documents have the very same figures, digit for digit: never by chance. */
    public boolean hasFiguresOf(SliceState other) {
        return rows == other.rows
                && documents == other.documents
                && sums.equals(other.sums)
                && histogram.equals(other.histogram);
    }
}
