package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.Verdicts;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit show}. */
@CommandLine.Command(
        name = "show",
        description = "Show the nights of a history, or everything that was checked on one of them.",
        footer = {"  cloze audit show --history history", "  cloze audit show --history history --date 2026-11-21"})
final class AuditShowCommand implements Command {
    @Option(
            names = "--date",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "The night whose checks are shown (default: all nights, a line each).")
    private Optional<LocalDate> date = Optional.empty();

    @Mixin
    private HistoryOptions history;

    @Override
    public void check(Problems problems) {
        history.check(problems);
    }

    @Override
    public void run(Terminal terminal) {
        Verdicts verdicts = new Verdicts(history.open(), terminal);
        date.ifPresentOrElse(verdicts::show, verdicts::showAll);
    }
}
