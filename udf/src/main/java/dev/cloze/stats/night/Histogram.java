package dev.cloze.stats.night;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Documents by their cross-entropy, in bins {@value #WIDTH} nats wide. The last bin has everything from {@value #MOST} nats on.
 *
 * @param first bin of {@code counts[0]}; 0 when there is no document
 * @param counts documents of each bin from there on; the outermost are not 0
 */
public record Histogram(int first, long[] counts) {
    /** Of a bin, nats. */
    public static final double WIDTH = 0.02;

    public static final Histogram EMPTY = new Histogram(0, new long[0]);

    private static final int MOST = 1_000;
    private static final int LAST = MOST * 50;
    /** Bins are 20 of these, so that they are exactly those of {@link dev.cloze.stats.CorpusState}'s distribution. */
    private static final int STEPS_OF_A_NAT = 1_000;

    private static final int STEPS_OF_A_BIN = 20;
    private static final String NAME = "its histogram";
    private static final double[] SMOOTHING = {1 / 9.0, 2 / 9.0, 3 / 9.0, 2 / 9.0, 1 / 9.0};
    private static final int REACH = SMOOTHING.length / 2;

    /** The bin of a cross-entropy that is not negative. */
    public static int bin(double crossEntropy) {
        double step = Math.floor(STEPS_OF_A_NAT * crossEntropy);
        return (int) Math.min(LAST, Math.floor(step / STEPS_OF_A_BIN));
    }

    /** Of counts that begin with bin {@code first}. */
    public static Histogram of(int first, long... counts) {
        int from = 0;
        int to = counts.length;
        while (from < to && counts[from] == 0) {
            from++;
        }
        while (to > from && counts[to - 1] == 0) {
            to--;
        }
        return from == to ? EMPTY : new Histogram(first + from, Arrays.copyOfRange(counts, from, to));
    }

    /** The first bin behind all documents. */
    public int end() {
        return first + counts.length;
    }

    public long count(int bin) {
        return bin < first || bin >= end() ? 0 : counts[bin - first];
    }

    /** Documents of {@code bin} and of the two on either side of it, which weigh less the farther away they are. */
    public double smoothed(int bin) {
        double sum = 0;
        for (int i = -REACH; i <= REACH; i++) {
            sum += count(bin + i) * SMOOTHING[i + REACH];
        }
        return sum;
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    public Histogram plus(Histogram other) {
        if (counts.length == 0 || other.counts.length == 0) {
            return counts.length == 0 ? other : this;
        }
        int start = Math.min(first, other.first);
        long[] sums = new long[Math.max(end(), other.end()) - start];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = count(start + i) + other.count(start + i);
        }
        return new Histogram(start, sums);
    }

    /** The first bin in which the cumulated share of the documents reaches {@code part / whole}, compared in integers. */
    public int border(long part, long whole) {
        long wanted = Math.multiplyExact(total(), part);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen * whole >= wanted) {
                return first + i;
            }
        }
        return first;
    }

    /** Documents in the bins above {@code bin}. */
    public long above(int bin) {
        int from = Math.min(counts.length, Math.max(0, bin + 1 - first));
        return Arrays.stream(counts, from, counts.length).sum();
    }

    /** The bins that are not empty as variable-length integers: the distance to the bin before, and the documents. */
    public byte[] bytes() {
        Varints.Writer writer = new Varints.Writer();
        int before = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                writer.put(first + i - before);
                writer.put(counts[i]);
                before = first + i;
            }
        }
        return writer.bytes();
    }

    /**
     * What {@link #bytes} wrote.
     *
     * @throws IllegalArgumentException with the reason, when it did not write these
     */
    public static Histogram of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Sparse bins = new Sparse();
        int bin = 0;
        while (buffer.hasRemaining()) {
            long distance = Varints.take(buffer, NAME);
            require(distance <= LAST - bin, "a bin that is too high");
            bin += (int) distance;
            bins.add(bin, Varints.take(buffer, NAME));
        }
        return bins.histogram();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(NAME + " has " + otherwise);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram histogram
                && first == histogram.first
                && Arrays.equals(counts, histogram.counts);
    }

    @Override
    public int hashCode() {
        return 31 * first + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Histogram[" + total() + " documents from bin " + first + "]";
    }
}
