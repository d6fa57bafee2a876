package dev.cloze.job.command;

import dev.cloze.job.run.Tolerance;
import dev.cloze.settings.Labels;
import dev.cloze.settings.SettingValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command by their names without dashes: the keys of settings files. */
final class OptionValues {
    private static final String DASHES = "--";
    /** The default of spark.redaction.regex. */
    private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|access[.]?key");

    private OptionValues() {}

    /** The value of every option, as a record of the run; {@code declared} has those of options that are made from settings. */
    static Map<String, Object> of(CommandSpec command, SettingValues declared) {
        Map<String, Object> values = new LinkedHashMap<>();
        settable(command).forEach((key, option) -> {
            Object value = DeclaredOption.of(option)
                    .<Object>map(made -> declared.find(made.setting()))
                    .orElseGet(option::getValue);
            values.put(key, plain(value));
        });
        return values;
    }

    /** Every option that may stand in a settings file. */
    static Map<String, OptionSpec> settable(CommandSpec command) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            String key = option.longestName().substring(DASHES.length());
            if (!option.usageHelp() && !option.versionHelp() && !key.equals("config") && !key.equals("set")) {
                options.put(key, option);
            }
        }
        return options;
    }

    /** Values of options such as {@code --read-option password=…}, by what Spark takes for a secret. */
    static List<String> secrets(CommandSpec command) {
        List<String> secrets = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (option.getValue() instanceof Map<?, ?> pairs) {
                pairs.forEach((key, value) -> {
                    if (SECRET.matcher(String.valueOf(key)).find()) {
                        secrets.add(String.valueOf(value));
                    }
                });
            }
        }
        return secrets;
    }

    private static Object plain(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(OptionValues::plain).orElse(null);
        }
        if (value == null) {
            return null;
        }
        if (value instanceof Enum<?> constant) {
            return Labels.of(constant);
        }
        if (value instanceof Tolerance tolerance) {
            return tolerance.text();
        }
        return value instanceof Path path ? path.toString() : value;
    }
}
