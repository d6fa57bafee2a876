package dev.cloze.settings;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user can choose.
 *
 * @param name as on the command line, without dashes
 * @param form how its value is written
 * @param sentence what it means, without a full stop
 * @param standard the value without a choice; empty when that depends on other things
 * @param standardText the same for readers; empty when it goes without saying
 * @param <T> the type of its value
 */
public record Setting<T>(
        String name, Form<T> form, String sentence, Optional<T> standard, Optional<String> standardText) {

    /** A setting without a default value. */
    public static <T> Setting<T> of(String name, Form<T> form, String sentence) {
        return new Setting<>(name, form, sentence, Optional.empty(), Optional.empty());
    }

    /** A switch that is off by default. */
    public static Setting<Boolean> flag(String name, String sentence) {
        return new Setting<>(name, Form.flag(), sentence, Optional.of(false), Optional.empty());
    }

    /** @param value which goes without saying when it is an empty list or map */
    public Setting<T> withDefault(T value) {
        boolean isEmpty = value instanceof Collection<?> list && list.isEmpty()
                || value instanceof Map<?, ?> pairs && pairs.isEmpty();
        return isEmpty
                ? new Setting<>(name, form, sentence, Optional.of(value), Optional.empty())
                : withDefault(value, text(value));
    }

    /** @param text what the manual says instead of the value */
    public Setting<T> withDefault(T value, String text) {
        return new Setting<>(name, form, sentence, Optional.of(value), Optional.of(text));
    }

    /** No default value, but words for what happens then. */
    public Setting<T> withDefaultText(String text) {
        return new Setting<>(name, form, sentence, Optional.empty(), Optional.of(text));
    }

    /** The same setting in a place where it has other values. */
    public Setting<T> withForm(Form<T> other) {
        return new Setting<>(name, other, sentence, standard, standardText);
    }

    /** What the manual says of it. */
    public String description() {
        return sentence + standardText.map(text -> " (default: " + text + ")").orElse("") + ".";
    }

    /** A value as a user would write it. */
    static String text(Object value) {
        if (value instanceof Enum<?> constant) {
            return Labels.of(constant);
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e9) {
            return String.valueOf(number.longValue());
        }
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(Setting::text).toList())
                : String.valueOf(value);
    }

    /** The value of an argument in a call of the API; fails with an {@link IllegalArgumentException} when it is out of range. */
    public T parse(String text) {
        return form.reader()
                .apply(List.of(text))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Cannot set " + name + " to " + text + ": it must be " + form.range()));
    }

    String problem(String shownName, String shownValue) {
        return shownName + " must be " + form.range() + ", it is " + shownValue;
    }
}
