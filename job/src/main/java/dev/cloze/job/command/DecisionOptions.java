package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.DecisionWriter;
import dev.cloze.job.terminal.Terminal;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who decides, about which history, and why. */
final class DecisionOptions {
    @Mixin
    private HistoryOptions history;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why it is decided so.")
    private Optional<String> note = Optional.empty();

    @Option(names = "--author", paramLabel = "NAME", description = "Who decides it (default: the name of the user).")
    private String author = System.getProperty("user.name");

    void check(Problems problems) {
        history.check(problems);
        problems.require(
                note.filter(text -> !text.isBlank()).isPresent(), "there is no --note: say why it is decided so");
    }

    DecisionWriter decisions(Terminal terminal) {
        return new DecisionWriter(history.open(), Clock.systemUTC(), author, note.orElseThrow(), terminal);
    }
}
