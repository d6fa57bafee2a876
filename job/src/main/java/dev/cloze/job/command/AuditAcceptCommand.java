package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.RuleNames;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit accept}. */
@CommandLine.Command(
        name = "accept",
        description = "Take the level of a night as the new normal.",
        footer = {"  cloze audit accept --history history --date 2026-11-21 --slice source=forum --note 'new editors'"})
final class AuditAcceptCommand implements Command {
    @Option(names = "--date", paramLabel = "DATE", converter = DateConverter.class, description = "The night.")
    private Optional<LocalDate> date = Optional.empty();

    @Mixin
    private AboutOptions about;

    @Mixin
    private DecisionOptions decision;

    @Override
    public void check(Problems problems) {
        decision.check(problems);
        about.check(problems, RuleNames::acceptProblem);
        problems.require(date.isPresent(), "there is no --date: name the night");
    }

    @Override
    public void run(Terminal terminal) {
        decision.decisions(terminal).accept(date.orElseThrow(), about.about());
    }
}
