package dev.cloze.job.command;

import dev.cloze.catalog.ModelChoice;
import dev.cloze.failure.Problems;
import dev.cloze.job.nights.Delivery;
import dev.cloze.job.nights.NightModel;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which documents an audit scores, and with which model. */
@Section(HelpPage.CORPUS)
final class NightDocumentsOptions {
    /** The settings that scoring has. */
    static final List<SettingGroup> GROUPS =
            List.of(PerplexitySettings.METHOD_GROUP, EngineSettings.MODEL_GROUP, EngineSettings.ENGINE_GROUP);

    private static final int MOST_SAMPLED = 1_000_000_000;

    @Option(
            names = "--input",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Documents, which --model scores, instead of --scores: files, directories or globs. {date}"
                    + " stands for the date of the night.")
    private List<String> paths = List.of();

    @Option(
            names = "--what",
            paramLabel = "KIND",
            converter = WhatConverter.class,
            description = "input: partition, the documents of a night lie apart from those of others; snapshot, all"
                    + " documents are delivered every night, and those that arrived are judged (default: partition with"
                    + " {date} or a --date-column, otherwise snapshot).")
    private Optional<Delivery> what = Optional.empty();

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "input: documents of each slice that the model reads, about so many, chosen by digests of"
                    + " their texts; all are counted and looked at (default: all).")
    private Optional<Integer> sample = Optional.empty();

    @Mixin
    private CacheOptions cache;

    @Mixin
    private MaskingOptions masking;

    @Mixin
    private EngineOptions engine;

    private SettingValues values;

    void use(SettingValues chosen) {
        values = chosen;
    }

    /** Documents of each slice that the model reads. */
    OptionalInt sample() {
        return sample.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** Names of {@link Delivery} on the command line. */
    static final class WhatConverter extends LabelConverter<Delivery> {
        WhatConverter() {
            super(Delivery.class);
        }
    }

    /** What a night delivers, unless that depends on its paths and columns. */
    Optional<Delivery> what() {
        return what;
    }

    boolean areGiven() {
        return !paths.isEmpty();
    }

    List<String> paths() {
        return paths;
    }

    /** Whether there is anything that only a model needs. */
    boolean haveModel() {
        Stream<Setting<?>> settings = Stream.of(PerplexitySettings.METHOD_GROUP, EngineSettings.MODEL_GROUP)
                .flatMap(group -> group.settings().stream());
        return masking.areGiven()
                || settings.anyMatch(setting -> values.given(setting).isPresent());
    }

    void check(Problems problems) {
        PerplexitySettings.check(values, problems);
        EngineSettings.check(values, problems);
        engine.check(problems);
        sample.ifPresent(n -> problems.requireFrom("--sample", n, 1, MOST_SAMPLED));
        problems.require(areGiven() || sample.isEmpty() && what.isEmpty(), "--sample and --what are for --input");
        masking.checkShare(problems);
        problems.require(
                method().method() == Method.MLM || !masking.areGiven(),
                "--mask-share, --masking and --seed are for --method mlm");
    }

    private DocumentMethod method() {
        return new DocumentMethod(values, masking);
    }

    NightModel model(Terminal terminal) {
        ModelChoice choice =
                ModelChoice.of(values.get(EngineSettings.MODEL), cache.models(terminal), EngineSettings.device(values));
        NightModel model = NightModel.of(
                choice,
                method().task(choice.bundle()),
                method().definition(),
                EngineSettings.longTexts(values),
                values.get(EngineSettings.BATCH_TOKENS),
                engine.partitions());
        model.scoring().head().require(choice.bundle());
        return model;
    }
}
