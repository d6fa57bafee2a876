package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.List;

/** A subcommand after its options were read. */
interface Command {

    /** The settings that the command has options for, beside those of its own fields. */
    default List<SettingGroup> declared() {
        return List.of();
    }

    /** Takes the values of {@link #declared} settings, before {@link #check}. */
    default void use(SettingValues values) {}

    /** What files say about the options, for a command that takes settings. */
    default List<WrittenSetting> settings(Problems problems) {
        return List.of();
    }

    /** Adds what is wrong with the options together. */
    void check(Problems problems);

    void run(Terminal terminal);

    /** Runs, and returns the exit code: of a command that can do no more than succeed or fail, always 0. */
    default int judge(Terminal terminal) {
        run(terminal);
        return 0;
    }
}
