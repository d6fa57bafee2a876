package dev.cloze.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Stretches of a text that stay as they are, without overlaps, so that thousands of them can be searched. */
final class Shields {
    private final int[] starts;
    private final int[] ends;

    private Shields(List<Span> disjoint) {
        this.starts = disjoint.stream().mapToInt(Span::start).toArray();
        this.ends = disjoint.stream().mapToInt(Span::end).toArray();
    }

    static Shields of(List<Span> spans) {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparingInt(Span::start).thenComparingInt(Span::end));
        List<Span> disjoint = new ArrayList<>();
        for (Span span : sorted) {
            int last = disjoint.size() - 1;
            if (last >= 0 && span.start() <= disjoint.get(last).end()) {
                int end = Math.max(span.end(), disjoint.get(last).end());
                disjoint.set(last, new Span(disjoint.get(last).start(), end));
            } else {
                disjoint.add(span);
            }
        }
        return new Shields(disjoint);
    }

    /** Whether one of them has a character of what goes from {@code from} to {@code to}, or stands empty within it. */
    boolean touch(int from, int to) {
        int found = Arrays.binarySearch(starts, to);
        int last = (found < 0 ? -found - 1 : found) - 1;
        return last >= 0 && ends[last] > from;
    }
}
