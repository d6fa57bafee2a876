package dev.cloze.job.terminal;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Values that are never shown in messages. */
final class HiddenValues {
    /** Anything shorter stands in many a word that has nothing to do with it. */
    private static final int SHORTEST = 4;

    /** What is shown in place of each; the longest first, because one may be part of another. */
    private final Map<String, String> shown = new ConcurrentSkipListMap<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    void keep(String value, String instead) {
        add(value, instead);
        value.lines().forEach(line -> add(line, instead));
        add(Visible.line(value), instead);
    }

    private void add(String value, String instead) {
        if (value.length() >= SHORTEST) {
            shown.put(value, instead);
        }
    }

    String masked(String text) {
        String masked = text;
        for (Map.Entry<String, String> secret : shown.entrySet()) {
            masked = masked.replace(secret.getKey(), secret.getValue());
        }
        return masked;
    }
}
