package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cloze audit pin}. */
@CommandLine.Command(
        name = "pin",
        description = "Compare every later week with the level of these nights. More than 0.10 nats are listed, and do"
                + " not fail.",
        footer = {"  cloze audit pin --history history --date 2026-10-01..2026-10-31 --note 'before the move'"})
final class AuditPinCommand implements Command {
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
        NightsOptions.Nights pinned = nights.nights();
        decision.decisions(terminal).pin(pinned.first(), pinned.last());
    }
}
