package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.failure.Problems;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.CorpusSample;
import dev.cloze.job.run.RunIdentity;
import dev.cloze.job.run.Scoring;
import dev.cloze.job.run.ScoringJob;
import dev.cloze.job.run.ScoringRun;
import dev.cloze.job.summary.Summary;
import dev.cloze.job.terminal.RowView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that scores a corpus with a model: the options that all of them have. */
abstract class ScoringCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Mixin
    private CorpusOptions corpus;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private OutputOptions output;

    @Mixin
    private SettingsOptions settings;

    private SettingValues values;

    /**
     * What one command does with a corpus.
     *
     * @param corpus where documents come from
     * @param scoring how they become scored rows
     * @param view how those look on the terminal
     * @param summary what they add up to, if anything
     */
    record Recipe(Corpus corpus, Scoring scoring, RowView view, Optional<Summary> summary) {}

    /** The engine's values for the options; {@code bundle} is the model they name. */
    abstract Recipe recipe(Bundle bundle, Terminal terminal);

    /** The settings of the task. */
    abstract List<SettingGroup> ofTask();

    @Override
    public final List<SettingGroup> declared() {
        List<SettingGroup> all = new ArrayList<>(ofTask());
        all.add(EngineSettings.MODEL_GROUP);
        all.add(EngineSettings.ENGINE_GROUP);
        return all;
    }

    @Override
    public final void use(SettingValues chosen) {
        values = chosen;
    }

    /** What numbers depend on beside the options' values. */
    Map<String, Object> moreSettings() {
        return Map.of();
    }

    @Override
    public final List<WrittenSetting> settings(Problems problems) {
        return settings.settings(problems);
    }

    @Override
    public void check(Problems problems) {
        corpus.check(problems);
        engine.check(problems);
        EngineSettings.check(values, problems);
        output.check(problems);
        problems.require(
                !corpus.hasRowColumn() || output.isKept(),
                "--row-column needs --output: rows that are only shown stand in the order of the corpus");
    }

    @Override
    public final void run(Terminal terminal) {
        ModelChoice choice = ModelChoice.of(
                EngineSettings.model(values),
                cache.models(terminal),
                () -> CorpusSample.of(corpus.corpus(Optional.empty(), List.of()), terminal));
        Recipe recipe = recipe(choice.bundle(), terminal);
        recipe.scoring().head().require(choice.bundle());
        Map<String, Object> settings = new LinkedHashMap<>(OptionValues.of(spec, values));
        settings.putAll(moreSettings());
        ScoringJob job = new ScoringJob(
                new RunIdentity(spec.name(), settings, choice),
                recipe.corpus(),
                recipe.scoring(),
                recipe.view(),
                recipe.summary(),
                engine.partitions(),
                output.output());
        new ScoringRun(job, terminal).run();
    }

    SettingValues values() {
        return values;
    }

    CorpusOptions corpus() {
        return corpus;
    }

    int batchTokens() {
        return values.get(EngineSettings.BATCH_TOKENS);
    }

    OutputOptions output() {
        return output;
    }
}
