package dev.cloze.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the value of a setting is written.
 *
 * @param kind how often it may be written, and whether anything stands after its name
 * @param label stands for the value in manuals, such as {@code N}
 * @param range which values there are; continues "must be"
 * @param choices all values, where they are few
 * @param reader from what is written to the value; empty when that is out of range
 * @param <T> the type of the value
 */
public record Form<T>(
        Kind kind, String label, String range, List<String> choices, Function<List<String>, Optional<T>> reader) {

    /** How often a setting is written. */
    public enum Kind {
        /** Its name alone means {@code true}. */
        FLAG,
        ONCE,
        /** Once, or once for each element. */
        LIST,
        /** Once for each {@code KEY=VALUE}. */
        PAIRS
    }

    /** Text that {@code accepted} takes. */
    public static Form<String> text(String label, String range, Predicate<String> accepted) {
        return once(label, range, text -> Optional.of(text).filter(accepted));
    }

    /** A whole number from 1 to {@code most}. */
    public static Form<Integer> count(int most) {
        return once("N", "a whole number from 1 to " + most, text -> Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= 1 && number <= most));
    }

    /** Any whole number of 64 bits. */
    public static Form<Long> seed() {
        return once("N", "a whole number of 64 bits", text -> {
            try {
                return Optional.of(Long.valueOf(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    /** A number that {@code accepted} takes, which may get NaN and infinities to refuse. */
    public static Form<Double> number(String label, String range, DoublePredicate accepted) {
        return once(label, range, text -> {
            try {
                return Optional.of(Double.valueOf(text)).filter(accepted::test);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    /** One of the constants of {@code type}, by its label. */
    public static <E extends Enum<E>> Form<E> choice(String label, Class<E> type) {
        List<String> labels = Labels.all(type);
        return new Form<>(
                Kind.ONCE,
                label,
                "one of " + String.join(", ", labels),
                labels,
                written -> Labels.find(type, last(written)));
    }

    public static Form<Boolean> flag() {
        return new Form<>(Kind.FLAG, "", "true or false", List.of(), written -> Optional.of(last(written))
                .filter(text -> text.matches("(?i)true|false"))
                .map(Boolean::valueOf));
    }

    /** Elements with commas between them. */
    public static Form<List<String>> commaSeparated(String label, String range, Predicate<List<String>> accepted) {
        return new Form<>(
                Kind.LIST, label + "[," + label + "...]", range, List.of(), written -> Optional.of(written.stream()
                                .flatMap(part -> Arrays.stream(part.split(",")))
                                .toList())
                        .filter(accepted));
    }

    /** Elements that are each written by themselves, whatever is in them. */
    public static Form<List<String>> repeated(String label, String range, Predicate<List<String>> accepted) {
        return new Form<>(Kind.LIST, label, range, List.of(), written -> Optional.of(List.copyOf(written))
                .filter(accepted));
    }

    /** Keys and values. */
    public static Form<Map<String, String>> pairs() {
        return new Form<>(Kind.PAIRS, "KEY=VALUE", "pairs such as KEY=VALUE", List.of(), written -> {
            Map<String, String> pairs = new TreeMap<>();
            for (String pair : written) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    return Optional.empty();
                }
                pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            return Optional.of(pairs);
        });
    }

    private static <T> Form<T> once(String label, String range, Function<String, Optional<T>> reader) {
        return new Form<>(Kind.ONCE, label, range, List.of(), written -> reader.apply(last(written)));
    }

    private static String last(List<String> written) {
        return written.get(written.size() - 1);
    }

    /** The same with fewer values. */
    public Form<T> limitedTo(String fewer, Predicate<T> accepted) {
        Function<List<String>, Optional<T>> limited = reader.andThen(value -> value.filter(accepted));
        return new Form<>(
                kind,
                label,
                fewer,
                choices.stream()
                        .filter(choice -> limited.apply(List.of(choice)).isPresent())
                        .toList(),
                limited);
    }
}
