package dev.cloze.job.command;

import dev.cloze.job.config.Problems;
import dev.cloze.job.run.Terminal;

/** A subcommand after its options were read. */
interface Command {

    /** Adds what is wrong with the options together. */
    void check(Problems problems);

    void run(Terminal terminal);
}
