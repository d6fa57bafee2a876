package dev.cloze.settings;

import java.util.List;

/**
 * Settings that belong together.
 *
 * @param heading over them in manuals
 * @param prefix stands before their names where those of all commands have one name space, as in {@code spark.cloze.augment.top-k}
 * @param settings in the order of manuals
 */
public record SettingGroup(String heading, String prefix, List<Setting<?>> settings) {

    public String key(Setting<?> setting) {
        return prefix + setting.name();
    }

    /** The same, with another setting in the place of the one of its name. */
    public SettingGroup with(Setting<?> other) {
        return new SettingGroup(
                heading,
                prefix,
                settings.stream()
                        .<Setting<?>>map(setting -> setting.name().equals(other.name()) ? other : setting)
                        .toList());
    }
}
