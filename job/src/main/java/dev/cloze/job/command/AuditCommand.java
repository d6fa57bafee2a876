package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.Examples;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit}. */
@CommandLine.Command(
        name = "audit",
        description = "Judge a night of a corpus by the nights before: what changed, where, by how much, and what could"
                + " not have been seen.",
        footer = {
            "  cloze audit --scores scores --date 2026-11-21 --slice-by source --history history",
            "  cloze audit backfill --scores scores --from 2026-09-01 --to 2026-11-20 \\",
            "      --slice-by source --history history",
            "  cloze audit show --history history"
        },
        subcommands = {
            AuditBackfillCommand.class,
            AuditRejudgeCommand.class,
            AuditShowCommand.class,
            AuditCompareCommand.class,
            AuditSimulateCommand.class,
            AuditAcceptCommand.class,
            AuditExcuseCommand.class,
            AuditMuteCommand.class,
            AuditPinCommand.class
        })
final class AuditCommand implements Command {
    @Mixin
    private ScoresOptions scores;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "The night that is audited, such as 2026-11-21.")
    private Optional<LocalDate> date = Optional.empty();

    @Mixin
    private HistoryOptions history;

    @Mixin
    private JudgingOptions judging;

    @Mixin
    private SettingsOptions settings;

    @Override
    public List<WrittenSetting> settings(Problems problems) {
        return settings.settings(problems);
    }

    @Override
    public void check(Problems problems) {
        scores.check(problems);
        history.check(problems);
        judging.check(problems);
        problems.require(date.isPresent(), "there is no --date: name the night");
    }

    @Override
    public void run(Terminal terminal) {
        judge(terminal);
    }

    @Override
    public int judge(Terminal terminal) {
        AtomicInteger code = new AtomicInteger();
        SparkSessions.with(
                "cloze audit",
                spark -> code.set(
                        judging.audits(scores.history(history), Examples.of(scores.scores(), spark), spark, terminal)
                                .night(scores.scores().night(date.orElseThrow(), spark, terminal::say))));
        return code.get();
    }
}
