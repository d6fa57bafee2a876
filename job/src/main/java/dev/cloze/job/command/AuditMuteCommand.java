package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.RuleNames;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit mute}. */
@CommandLine.Command(
        name = "mute",
        description = "Keep checking, but leave findings out of the exit code until a date.",
        footer = {
            "  cloze audit mute --history history --slice source=forum --rule level \\",
            "      --until 2026-12-01 --note 'known, repaired in December'"
        })
final class AuditMuteCommand implements Command {
    @Option(
            names = "--until",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "The last night that is muted.")
    private Optional<LocalDate> until = Optional.empty();

    @Mixin
    private AboutOptions about;

    @Mixin
    private DecisionOptions decision;

    @Override
    public void check(Problems problems) {
        decision.check(problems);
        about.check(problems, RuleNames::muteProblem);
        problems.require(until.isPresent(), "there is no --until: say when the mute ends");
    }

    @Override
    public void run(Terminal terminal) {
        decision.decisions(terminal).mute(until.orElseThrow(), about.about());
    }
}
