package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.config.Setting;
import dev.cloze.job.terminal.Terminal;
import java.util.List;

/** A subcommand after its options were read. */
interface Command {

    /** What files say about the options, for a command that takes settings. */
    default List<Setting> settings(Problems problems) {
        return List.of();
    }

    /** Adds what is wrong with the options together. */
    void check(Problems problems);

    void run(Terminal terminal);
}
