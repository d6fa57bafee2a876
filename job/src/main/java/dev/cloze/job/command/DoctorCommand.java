package dev.cloze.job.command;

import dev.cloze.bundle.Manifest;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.failure.Problems;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.doctor.Doctor;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.model.Head;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cloze doctor}. */
@CommandLine.Command(
        name = "doctor",
        description =
                "Check whether a job could run here: the driver, every executor, their libraries, the device and the"
                        + " model.",
        footer = {
            "  cloze doctor",
            "  cloze --master spark://host:7077 doctor \\",
            "      --model hdfs:///models/bert-base-uncased --wait 120"
        })
final class DoctorCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for executors (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Mixin
    private SettingsOptions settings;

    private SettingValues values;

    @Override
    public List<SettingGroup> declared() {
        return List.of(
                new SettingGroup(HelpPage.MODEL, "", List.of(EngineSettings.MODEL)),
                new SettingGroup(HelpPage.ENGINE, "", List.of(EngineSettings.DEVICE, EngineSettings.DEVICE_OPTION)));
    }

    @Override
    public void use(SettingValues chosen) {
        values = chosen;
    }

    /** Of a run's settings those that matter here. */
    @Override
    public List<WrittenSetting> settings(Problems problems) {
        Set<String> known = OptionValues.settable(spec).keySet();
        return settings.settings(problems).stream()
                .filter(setting -> known.contains(setting.key().split("\\.", 2)[0]))
                .toList();
    }

    @Override
    public void check(Problems problems) {
        EngineSettings.check(values, problems);
        problems.require(seconds > 0, "--wait must be at least 1, it is " + seconds);
    }

    @Override
    public void run(Terminal terminal) {
        Doctor doctor = new Doctor(EngineSettings.device(values), () -> spec(terminal), Duration.ofSeconds(seconds));
        SparkSessions.with("cloze doctor", spark -> doctor.examine(spark, terminal));
    }

    private ModelSpec spec(Terminal terminal) {
        ModelChoice choice =
                ModelChoice.of(values.get(EngineSettings.MODEL), cache.models(terminal), EngineSettings.device(values));
        boolean causal = choice.bundle().manifest().kind() == Manifest.Kind.CAUSAL;
        return choice.spec(causal ? Head.CAUSAL_LM : Head.MASKED_LM);
    }
}
