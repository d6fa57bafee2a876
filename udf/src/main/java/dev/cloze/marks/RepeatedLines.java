package dev.cloze.marks;

import java.util.HashSet;
import java.util.Set;

/** Lines that a text has more than once. */
final class RepeatedLines {
    private static final double MANY = 0.3;

    private RepeatedLines() {}

    /** Whether 30 % of the characters of {@code text} at least stand in lines that occurred before. */
    static boolean areMany(String text) {
        Set<String> seen = new HashSet<>();
        long all = 0;
        long repeated = 0;
        for (String line : (Iterable<String>) text.lines().map(String::strip)::iterator) {
            all += line.length();
            repeated += seen.add(line) ? 0 : line.length();
        }
        return repeated > 0 && repeated >= MANY * all;
    }
}
