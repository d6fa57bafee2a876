package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.config.SettingsFile;
import dev.cloze.job.config.WrittenSetting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that stand in a file. */
@Section(HelpPage.SETTINGS)
final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in HOCON; a key is an option's name without its dashes. Flags override them.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, over those of the file. Repeatable.")
    private List<String> overrides = List.of();

    List<WrittenSetting> settings(Problems problems) {
        return SettingsFile.read(file, overrides, problems);
    }
}
