package dev.cloze.spark;

import dev.cloze.failure.NearMiss;
import dev.cloze.failure.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/** Reads settings under one prefix, and gathers what is wrong with them. */
final class SettingsReader {
    private final Map<String, String> given = new TreeMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final Problems problems = new Problems();
    private final String prefix;

    SettingsReader(String prefix, Map<String, String> all) {
        this.prefix = prefix;
        all.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                given.put(key.substring(prefix.length()), value);
            }
        });
    }

    String text(String key, String usual) {
        known.add(key);
        return given.getOrDefault(key, usual);
    }

    /** A text that {@code form} accepts, otherwise a problem. */
    String text(String key, String usual, Predicate<String> form, String range) {
        String value = text(key, usual);
        if (form.test(value)) {
            return value;
        }
        problems.add(prefix + key + " must be " + range + ", it is " + value);
        return usual;
    }

    double number(String key, double usual, DoublePredicate in, String range) {
        String value = text(key, String.valueOf(usual), text -> isIn(text, in), range);
        return Double.parseDouble(value);
    }

    private static boolean isIn(String text, DoublePredicate range) {
        try {
            return range.test(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** From 1 to {@code most}. */
    int count(String key, int usual, int most) {
        String value = text(
                key,
                String.valueOf(usual),
                text -> text.matches("\\d{1,9}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most,
                "a whole number from 1 to " + most);
        return Integer.parseInt(value);
    }

    long seed(String key, long usual) {
        return Long.parseLong(text(key, String.valueOf(usual), text -> text.matches("-?\\d{1,18}"), "a whole number"));
    }

    Optional<Boolean> flag(String key) {
        String value = text(key, "", text -> text.matches("(?i)true|false|"), "true or false");
        return value.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(value));
    }

    <E extends Enum<E>> E choice(String key, E usual) {
        List<E> all = Arrays.asList(usual.getDeclaringClass().getEnumConstants());
        String label = text(
                key,
                label(usual),
                text -> all.stream().anyMatch(one -> label(one).equalsIgnoreCase(text)),
                "one of "
                        + String.join(
                                ", ", all.stream().map(SettingsReader::label).toList()));
        return all.stream()
                .filter(one -> label(one).equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow();
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All that begin with {@code group} and a dot, without that. */
    Map<String, String> group(String group) {
        Map<String, String> found = new TreeMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(group + ".")) {
                known.add(key);
                found.put(key.substring(group.length() + 1), value);
            }
        });
        return found;
    }

    void require(boolean holds, String problem) {
        problems.require(holds, problem);
    }

    /** Fails when something is wrong, or is not known. */
    void finish() {
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                String near = NearMiss.of(key, known)
                        .map(name -> ", did you mean " + prefix + name + "?")
                        .orElse("");
                problems.add(prefix + key + " is no setting" + near);
            }
        }
        problems.report("read the settings " + prefix + "*", "known are " + String.join(", ", known));
    }
}
