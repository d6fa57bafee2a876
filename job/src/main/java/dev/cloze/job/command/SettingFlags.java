package dev.cloze.job.command;

import dev.cloze.failure.NearMiss;
import dev.cloze.failure.Problems;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Settings as flags, except where a flag was given: those win. */
final class SettingFlags {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(.+?)}");
    /** Shorter values of the environment, such as a number or cpu, are words that a message needs. */
    private static final int SHORTEST_SECRET = 8;

    private final List<String> flags = new ArrayList<>();
    private final Map<String, String> origins = new HashMap<>();
    /** What is written in the file for values that come from the environment. */
    private final Map<String, String> written = new HashMap<>();

    /**
     * The settings of a command.
     *
     * @param given flags of the command line
     * @param terminal does not show values of the environment
     */
    static SettingFlags of(ParseResult given, Problems problems, Terminal terminal) {
        SettingFlags settings = new SettingFlags();
        CommandSpec command = given.commandSpec();
        Map<String, OptionSpec> options = OptionValues.settable(command);
        for (WrittenSetting setting : ((Command) command.userObject()).settings(problems)) {
            settings.hide(setting, terminal);
            settings.add(setting, options, given, problems);
        }
        return settings;
    }

    List<String> flags() {
        return flags;
    }

    /** Where the value of an option stands, when it is a setting. */
    Optional<String> origin(ArgSpec option) {
        return option instanceof OptionSpec named
                ? Optional.ofNullable(origins.get(named.longestName()))
                : Optional.empty();
    }

    /** How a message calls {@code option}: with the place of a setting before it. */
    String name(OptionSpec option) {
        return origin(option).map(origin -> origin + ": ").orElse("") + option.longestName();
    }

    /** Values for a message, those of the environment as they are written in the file. */
    String shown(List<String> values) {
        return String.join(
                ",",
                values.stream().map(value -> written.getOrDefault(value, value)).toList());
    }

    /** A message of the parser with the names of variables in place of their values. */
    String hideValues(String message) {
        String hidden = message;
        for (Map.Entry<String, String> value : written.entrySet()) {
            hidden = hidden.replace("'" + value.getKey() + "'", "'" + value.getValue() + "'");
        }
        return hidden;
    }

    private void hide(WrittenSetting setting, Terminal terminal) {
        for (int i = 0; i < setting.values().size(); i++) {
            String value = setting.values().get(i);
            String instead = setting.written().get(i);
            if (!value.equals(instead)) {
                written.put(value, instead);
                keep(value, instead, terminal);
                Matcher names = VARIABLE.matcher(instead);
                while (names.find()) {
                    keep(System.getenv().getOrDefault(names.group(1), ""), names.group(), terminal);
                }
            }
        }
    }

    private static void keep(String value, String instead, Terminal terminal) {
        if (value.length() >= SHORTEST_SECRET) {
            terminal.keepSecret(value, instead);
        }
    }

    private void add(WrittenSetting setting, Map<String, OptionSpec> options, ParseResult given, Problems problems) {
        String[] path = setting.key().split("\\.", 2);
        OptionSpec option = options.get(path[0]);
        if (option != null && option.typeInfo().isMap() && path.length == 2) {
            add(
                    option,
                    setting.origin(),
                    List.of(path[1] + "=" + setting.values().get(0)));
        } else if (option == null || path.length == 2) {
            String near = NearMiss.of(setting.key(), options.keySet())
                    .map(key -> ", did you mean " + key + "?")
                    .orElse("");
            problems.add(setting.origin() + ": unknown key " + setting.key() + near);
        } else if (!given.hasMatchedOption(option)) {
            add(option, setting.origin(), setting.values());
        }
    }

    private void add(OptionSpec option, String origin, List<String> values) {
        String name = option.longestName();
        origins.put(name, origin);
        if (option.negatable() && values.equals(List.of("false"))) {
            flags.add(name.replaceFirst("^--", "--no-"));
        } else {
            values.forEach(value -> flags.add(name + "=" + value));
        }
    }
}
