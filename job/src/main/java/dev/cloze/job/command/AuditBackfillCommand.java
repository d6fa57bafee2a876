package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.Examples;
import dev.cloze.job.audit.NightSource;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.nights.NightModel;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze audit backfill}. */
@CommandLine.Command(
        name = "backfill",
        description = "Audit all nights from --from to --to; exits with 0 even when it finds drift. Nights that have a"
                + " verdict keep it.",
        footer = {
            "  cloze audit backfill --scores scores --from 2026-09-01 --to 2026-11-20 \\",
            "      --slice-by source --history history"
        })
final class AuditBackfillCommand implements Command {
    @Mixin
    private ScoresOptions scores;

    @Mixin
    private NightDocumentsOptions documents;

    @Option(names = "--from", paramLabel = "DATE", converter = DateConverter.class, description = "The first night.")
    private Optional<LocalDate> first = Optional.empty();

    @Option(names = "--to", paramLabel = "DATE", converter = DateConverter.class, description = "The last night.")
    private Optional<LocalDate> last = Optional.empty();

    @Mixin
    private HistoryOptions history;

    @Mixin
    private JudgingOptions judging;

    @Mixin
    private SettingsOptions settings;

    @Override
    public List<SettingGroup> declared() {
        return NightDocumentsOptions.GROUPS;
    }

    @Override
    public void use(SettingValues values) {
        documents.use(values);
    }

    @Override
    public List<WrittenSetting> settings(Problems problems) {
        return settings.settings(problems);
    }

    @Override
    public void check(Problems problems) {
        scores.check(problems, documents);
        documents.check(problems);
        history.check(problems);
        judging.check(problems);
        boolean both = first.isPresent() && last.isPresent();
        problems.require(both, "--from and --to name the first and the last night: give both");
        problems.require(!both || !first.get().isAfter(last.get()), "--from is after --to");
    }

    @Override
    public void run(Terminal terminal) {
        Optional<NightModel> model = documents.areGiven() ? Optional.of(documents.model(terminal)) : Optional.empty();
        SparkSessions.with("cloze audit backfill", spark -> backfill(model, spark, terminal));
    }

    private void backfill(Optional<NightModel> model, SparkSession spark, Terminal terminal) {
        LocalDate from = first.orElseThrow();
        LocalDate to = last.orElseThrow();
        AuditHistory nights = scores.history(history);
        NightSource source = scores.nights(documents, model, nights, spark, terminal);
        judging.audits(nights, Examples.of(source.documents()), spark, terminal)
                .backfill(source.nights(from, to), from, to);
    }
}
