package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.Examples;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit rejudge}. */
@CommandLine.Command(
        name = "rejudge",
        description = "Judge nights of a history again, by what is known and decided now. Verdicts that were there stay"
                + " beside the new ones.",
        footer = {"  cloze audit rejudge --history history --from 2026-11-01"})
final class AuditRejudgeCommand implements Command {
    @Option(names = "--from", paramLabel = "DATE", converter = DateConverter.class, description = "The first night.")
    private Optional<LocalDate> first = Optional.empty();

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
        history.check(problems);
        judging.check(problems);
        problems.require(first.isPresent(), "there is no --from: name the first night");
    }

    @Override
    public void run(Terminal terminal) {
        SparkSessions.with(
                "cloze audit rejudge", spark -> judging.audits(history.open(), Examples.kept(), spark, terminal)
                        .rejudge(first.orElseThrow()));
    }
}
