package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cloze audit excuse}. */
@CommandLine.Command(
        name = "excuse",
        description = "Leave nights out of what later ones are judged by. Their own verdicts stay.",
        footer = {"  cloze audit excuse --history history --date 2026-12-24..2026-12-26 --note Christmas"})
final class AuditExcuseCommand implements Command {
    @Mixin
    private NightsOptions nights;

    @Mixin
    private DecisionOptions decision;

    @Override
    public void check(Problems problems) {
        decision.check(problems);
        nights.check(problems);
    }

    @Override
    public void run(Terminal terminal) {
        NightsOptions.Nights excused = nights.nights();
        decision.decisions(terminal).excuse(excused.first(), excused.last());
    }
}
