package dev.cloze.stats.night;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Lines of a sample of documents: those texts whose numbers are the lowest, {@value #MOST} of them, with all their copies. The same whatever
 * the order of the documents is, and in however many parts they are added up.
 */
final class LineSample implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 500;

    /** A text and how many documents have it. */
    private record Lines(int[] lines, long documents) implements Serializable {
        Lines plus(Lines copies) {
            return new Lines(lines, documents + copies.documents);
        }
    }

    private final TreeMap<Long, Lines> texts = new TreeMap<>();

    /**
     * Adds a document.
     *
     * @param text its number
     * @param lines are asked for only when it is one of the sample
     */
    void add(long text, Supplier<int[]> lines) {
        if (texts.size() < MOST || text <= texts.lastKey()) {
            Lines known = texts.get(text);
            put(text, known == null ? new Lines(lines.get(), 1) : new Lines(known.lines, 1));
        }
    }

    void add(LineSample other) {
        other.texts.forEach(this::put);
    }

    private void put(long text, Lines lines) {
        texts.merge(text, lines, Lines::plus);
        if (texts.size() > MOST) {
            texts.pollLastEntry();
        }
    }

    LineCounts counts() {
        Map<Integer, Long> counts = new HashMap<>();
        long documents = 0;
        for (Lines text : texts.values()) {
            documents += text.documents;
            for (int line : text.lines) {
                counts.merge(line, text.documents, Long::sum);
            }
        }
        return LineCounts.of(documents, counts);
    }
}
