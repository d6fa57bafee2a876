package dev.cloze.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.cloze.failure.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads settings. Precedence, highest first: a flag of the command line, {@code --set key=value}, a file of {@code
 * --config}, the option's default. Files are HOCON; a key is an option's name without its dashes.
 */
public final class SettingsFile {
    private SettingsFile() {}

    /** The settings of {@code file} with {@code overrides} (each {@code key=value}) laid over them. */
    public static List<WrittenSetting> read(Optional<Path> file, List<String> overrides, Problems problems) {
        return read(file, overrides, problems, System.getenv());
    }

    static List<WrittenSetting> read(
            Optional<Path> file, List<String> overrides, Problems problems, Map<String, String> environment) {
        Map<String, WrittenSetting> settings = new LinkedHashMap<>();
        file.map(path -> flatten(path, environment))
                .ifPresent(all -> all.forEach(setting -> settings.put(setting.key(), setting)));
        for (String override : overrides) {
            int equals = override.indexOf('=');
            problems.require(equals > 0, "--set takes key=value, it is " + override);
            if (equals > 0) {
                String key = override.substring(0, equals);
                List<String> value = List.of(override.substring(equals + 1));
                settings.put(key, new WrittenSetting(key, value, value, "--set"));
            }
        }
        return List.copyOf(settings.values());
    }

    private static List<WrittenSetting> flatten(Path file, Map<String, String> environment) {
        HoconFile hocon = HoconFile.parse(file);
        Config config = hocon.resolve(environment::get);
        // The names of variables in place of their values.
        Config written = hocon.resolve(name -> environment.containsKey(name) ? "${" + name + "}" : null);
        List<WrittenSetting> settings = new ArrayList<>();
        for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
            String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            settings.add(new WrittenSetting(
                    key, values(entry.getValue()), values(written.getValue(entry.getKey())), file.toString()));
        }
        return settings;
    }

    private static List<String> values(ConfigValue value) {
        return value instanceof ConfigList list
                ? list.stream()
                        .map(element -> String.valueOf(element.unwrapped()))
                        .toList()
                : List.of(String.valueOf(value.unwrapped()));
    }
}
