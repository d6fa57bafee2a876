package dev.cloze.settings;

import dev.cloze.failure.Problems;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The values of settings that a user has chosen. */
public final class SettingValues {
    private static final int LONGEST_SHOWN = 400;

    private final Map<String, Object> given;
    private final Function<Setting<?>, String> names;

    private SettingValues(Map<String, Object> given, Function<Setting<?>, String> names) {
        this.given = given;
        this.names = names;
    }

    /**
     * A setting as it was written.
     *
     * @param name how a message calls it
     * @param values what is written for it, at least one
     * @param shown the same for messages, which may hide what stands there
     */
    public record Written(String name, List<String> values, String shown) {
        public Written(String name, List<String> values) {
            this(name, values, String.join(",", values));
        }
    }

    /**
     * Reads {@code settings}; what is wrong becomes a problem, and counts as not given.
     *
     * @param written by names of settings
     * @param names how messages call settings
     */
    public static SettingValues read(
            Collection<Setting<?>> settings,
            Map<String, Written> written,
            Function<Setting<?>, String> names,
            Problems problems) {
        Map<String, Object> given = new HashMap<>();
        for (Setting<?> setting : settings) {
            Optional.ofNullable(written.get(setting.name()))
                    .flatMap(one -> read(setting, one, problems))
                    .ifPresent(value -> given.put(setting.name(), value));
        }
        return new SettingValues(given, names);
    }

    private static Optional<?> read(Setting<?> setting, Written written, Problems problems) {
        try {
            Optional<?> value = setting.form().reader().apply(written.values());
            problems.require(value.isPresent(), setting.problem(written.name(), shortened(written.shown())));
            return value;
        } catch (InvalidValueException e) {
            problems.add(written.name() + " " + shortened(e.getMessage()));
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    /** The value of a setting that has a default. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.name() + " has no default"));
    }

    /** The value that was given, otherwise the default, if there is one. */
    public <T> Optional<T> find(Setting<T> setting) {
        return given(setting).or(setting::standard);
    }

    /** The value that was given. */
    @SuppressWarnings("unchecked") // A setting of this name put it there, or one with fewer values of the same type.
    public <T> Optional<T> given(Setting<T> setting) {
        return Optional.ofNullable((T) given.get(setting.name()));
    }

    /** The same with the value of one setting, where there is one. */
    public <T> SettingValues with(Setting<T> setting, Optional<T> value) {
        Map<String, Object> more = new HashMap<>(given);
        value.ifPresent(present -> more.put(setting.name(), present));
        return new SettingValues(more, names);
    }

    /** How the user calls {@code setting}: {@code --top-k} or {@code spark.cloze.top-k}. */
    public String name(Setting<?> setting) {
        return names.apply(setting);
    }
}
