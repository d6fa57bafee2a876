package dev.cloze.stats.night;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lines that several documents of a night have, among those documents of which lines were counted.
 *
 * @param documents of which lines were counted
 * @param counts documents that have each of the lines, by the numbers of these; the {@value #MOST} most frequent ones, two documents at least
 */
public record LineCounts(long documents, SortedMap<Integer, Long> counts) {
    public static final LineCounts NONE = new LineCounts(0, new TreeMap<>());

    private static final String NAME = "its table of lines";
    private static final int MOST = 1_000;
    private static final int SEVERAL = 2;

    public LineCounts {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** Of lines of which some are too rare to be kept. */
    static LineCounts of(long documents, Map<Integer, Long> counts) {
        SortedMap<Integer, Long> frequent = new TreeMap<>();
        counts.entrySet().stream()
                .filter(line -> line.getValue() >= SEVERAL)
                .sorted(mostFrequentFirst())
                .limit(MOST)
                .forEach(line -> frequent.put(line.getKey(), line.getValue()));
        return new LineCounts(documents, frequent);
    }

    /** In an order that depends on no order of documents. */
    private static Comparator<Map.Entry<Integer, Long>> mostFrequentFirst() {
        return Map.Entry.<Integer, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());
    }

    public LineCounts plus(LineCounts other) {
        if (documents == 0 || other.documents == 0) {
            return documents == 0 ? other : this;
        }
        TreeMap<Integer, Long> sums = new TreeMap<>(counts);
        other.counts.forEach((line, count) -> sums.merge(line, count, Long::sum));
        return of(documents + other.documents, sums);
    }

    /** The most frequent line that none of {@code before} has; absent when there is none. */
    public Optional<Integer> mostFrequentBut(List<LineCounts> before) {
        return counts.entrySet().stream()
                .filter(line -> before.stream().noneMatch(night -> night.counts.containsKey(line.getKey())))
                .min(mostFrequentFirst())
                .map(Map.Entry::getKey);
    }

    public byte[] bytes() {
        Varints.Writer writer = new Varints.Writer();
        writer.put(documents);
        long before = Integer.MIN_VALUE;
        for (Map.Entry<Integer, Long> line : counts.entrySet()) {
            writer.put(line.getKey() - before);
            writer.put(line.getValue());
            before = line.getKey();
        }
        return writer.bytes();
    }

    /**
     * What {@link #bytes} wrote.
     *
     * @throws IllegalArgumentException with the reason, when it did not write these
     */
    public static LineCounts of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long documents = Varints.take(buffer, NAME);
        SortedMap<Integer, Long> counts = new TreeMap<>();
        long line = Integer.MIN_VALUE;
        while (buffer.hasRemaining()) {
            line += Varints.take(buffer, NAME);
            counts.put(Math.toIntExact(line), Varints.take(buffer, NAME));
        }
        return new LineCounts(documents, counts);
    }
}
