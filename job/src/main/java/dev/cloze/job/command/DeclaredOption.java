package dev.cloze.job.command;

import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What an option is made from.
 *
 * @param group whose heading stands over it
 * @param setting its name, values and description
 */
record DeclaredOption(SettingGroup group, Setting<?> setting) {

    /** What {@code option} is made from; empty for one that is a field of its command. */
    static Optional<DeclaredOption> of(OptionSpec option) {
        return option.userObject() instanceof DeclaredOption declared ? Optional.of(declared) : Optional.empty();
    }
}
