package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.settings.Form;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import dev.cloze.settings.SettingValues.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options that are made from declared settings. */
final class SettingOptions {
    private static final String DASHES = "--";

    private SettingOptions() {}

    /** Adds the options of {@code line} and of the commands below it. */
    static void addTo(CommandLine line) {
        CommandSpec command = line.getCommandSpec();
        if (command.userObject() instanceof Command chosen) {
            for (SettingGroup group : chosen.declared()) {
                group.settings().forEach(setting -> command.addOption(option(group, setting)));
            }
        }
        line.getSubcommands().values().forEach(SettingOptions::addTo);
    }

    private static OptionSpec option(SettingGroup group, Setting<?> setting) {
        Form<?> form = setting.form();
        OptionSpec.Builder option = OptionSpec.builder(DASHES + setting.name())
                // The library formats it.
                .description(setting.description().replace("%", "%%"))
                .userObject(new DeclaredOption(group, setting));
        return switch (form.kind()) {
            case FLAG ->
                option.type(Boolean.class)
                        .arity("0")
                        .fallbackValue("true")
                        .negatable(!setting.standard().equals(Optional.of(false)))
                        .build();
            case ONCE ->
                option.type(String.class)
                        .paramLabel(form.label())
                        .completionCandidates(form.choices())
                        .build();
            case LIST ->
                option.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .paramLabel(form.label())
                        .build();
            case PAIRS ->
                option.type(Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .arity("1")
                        .paramLabel(form.label())
                        .build();
        };
    }

    /** The values of a command's settings, from its options. */
    static SettingValues values(CommandSpec command, SettingFlags flags, Problems problems) {
        List<Setting<?>> settings = new ArrayList<>();
        Map<String, Written> written = new HashMap<>();
        for (OptionSpec option : command.options()) {
            DeclaredOption.of(option).ifPresent(declared -> {
                Setting<?> setting = declared.setting();
                settings.add(setting);
                List<String> values = values(option);
                if (!values.isEmpty()) {
                    written.put(setting.name(), new Written(flags.name(option), values, flags.shown(values)));
                }
            });
        }
        return SettingValues.read(settings, written, setting -> DASHES + setting.name(), problems);
    }

    private static List<String> values(OptionSpec option) {
        Object value = option.getValue();
        if (value instanceof Map<?, ?> pairs) {
            return pairs.entrySet().stream()
                    .map(pair -> pair.getKey() + "=" + pair.getValue())
                    .toList();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(String.valueOf(value));
    }
}
