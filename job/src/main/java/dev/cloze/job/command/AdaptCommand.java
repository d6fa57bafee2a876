package dev.cloze.job.command;

import dev.cloze.catalog.ModelChoice;
import dev.cloze.catalog.Models;
import dev.cloze.failure.Problems;
import dev.cloze.job.adapt.AdaptationRequest;
import dev.cloze.job.adapt.AdaptationRun;
import dev.cloze.job.config.WrittenSetting;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.Examples;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cloze adapt}. */
@CommandLine.Command(
        name = "adapt",
        description = "Continue the training of a masked model on a corpus, and write the adapted model.",
        footer = {
            "  cloze adapt --input manuals.txt --output bert-of-manuals",
            "  cloze adapt --model roberta --input reports.parquet --text-column body \\",
            "      --steps 200 --learning-rate 3e-5 --warmup 20 --output adapted",
            "  cloze fill-mask --model bert-of-manuals --text 'The [MASK] option lists all files.'"
        })
final class AdaptCommand implements Command {
    private static final double MASK_SHARE = 0.15;
    private static final double EVAL_SHARE = 0.1;
    private static final int SMALLEST_BLOCK = 3;
    private static final int MOST = 1 << 20;

    /** Options on which no weight depends, or that the digests of the model and the corpus stand for. */
    private static final Set<String> NOT_PART_OF_IDENTITY = Set.of(
            "cache",
            "checkpoint-every",
            "encoding",
            "eval-input",
            "format",
            "input",
            "model",
            "output",
            "read-option",
            "text",
            "text-column");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Mixin
    private CorpusOptions corpus;

    @Option(
            names = "--eval-input",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Texts that are only evaluated, read as those of --input (default: a share of the blocks).")
    private List<String> evalInputs = List.of();

    @Option(
            names = "--eval-share",
            paramLabel = "SHARE",
            description = "Share of the blocks that is only evaluated; 0 for none (default: " + EVAL_SHARE + ").")
    private Optional<Double> evalShare = Optional.empty();

    @Option(
            names = "--block-size",
            paramLabel = "N",
            description = "Tokens of a block (default: " + AdaptationRequest.Cutting.BLOCK
                    + "; line-by-line: what the model reads).")
    private Optional<Integer> blockSize = Optional.empty();

    @Option(
            names = "--line-by-line",
            description =
                    "Each row is a block of its own, cut at the block size, instead of all rows put together and cut"
                            + " into pieces.")
    private boolean lineByLine;

    @Option(
            names = "--mask-share",
            paramLabel = "SHARE",
            description = "Share of the tokens that is drawn; of these 80 %% become masks, 10 %% another token, 10 %%"
                    + " stay (default: " + MASK_SHARE + ").")
    private double maskShare = MASK_SHARE;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where the adapted model will be: a directory that --model takes.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads that compute; another number may round sums otherwise, so resume with the same one (default: all"
                            + " cores of the driver).")
    private Optional<Integer> threads = Optional.empty();

    @Mixin
    private SettingsOptions settings;

    private SettingValues values;

    @Override
    public List<SettingGroup> declared() {
        return List.of(new SettingGroup(HelpPage.MODEL, "", List.of(EngineSettings.MODEL)));
    }

    @Override
    public void use(SettingValues chosen) {
        values = chosen;
    }

    @Override
    public List<WrittenSetting> settings(Problems problems) {
        return settings.settings(problems);
    }

    @Override
    public void check(Problems problems) {
        corpus.check(problems);
        training.check(problems);
        problems.require(
                !corpus.keepsRows(), "an adapted model has no rows: leave --id-column, --keep and --row-column out");
        problems.require(output.isPresent(), "there is no --output: name a directory for the adapted model");
        problems.require(
                evalInputs.isEmpty() || evalShare.isEmpty(), "--eval-input and --eval-share exclude each other");
        evalShare.ifPresent(share -> problems.require(
                share >= 0 && share < 1, "--eval-share must be at least 0 and below 1, it is " + share));
        problems.require(
                !training.hasPatience() || evalShare.filter(share -> share == 0).isEmpty(),
                "--patience needs held-out blocks: raise --eval-share");
        problems.require(
                maskShare > 0 && maskShare <= 1, "--mask-share must be above 0 and at most 1, it is " + maskShare);
        blockSize.ifPresent(n -> problems.requireFrom("--block-size", n, SMALLEST_BLOCK, MOST));
        threads.ifPresent(n -> problems.requireFrom("--threads", n, 1, MOST));
    }

    @Override
    public void run(Terminal terminal) {
        Models models = cache.models(terminal);
        ModelChoice choice =
                ModelChoice.of(values.get(EngineSettings.MODEL), models, DeviceRequest.of("cpu", Map.of()));
        AdaptationRequest request = new AdaptationRequest(
                choice.bundle(),
                corpus.corpus(Optional.empty(), List.of()),
                heldOut(),
                output.orElseThrow(),
                cutting(),
                training.plan(),
                threads(),
                described());
        SparkSessions.with("cloze adapt", spark -> new AdaptationRun(request, spark, terminal).run());
    }

    private int threads() {
        return threads.orElse(Runtime.getRuntime().availableProcessors());
    }

    private AdaptationRequest.Cutting cutting() {
        return new AdaptationRequest.Cutting(
                lineByLine ? Examples.LINE_BY_LINE : Examples.BLOCKS,
                blockSize,
                maskShare,
                evalShare.orElse(EVAL_SHARE));
    }

    private Optional<Corpus> heldOut() {
        return evalInputs.isEmpty() ? Optional.empty() : Optional.of(corpus.like(evalInputs));
    }

    private SortedMap<String, String> described() {
        SortedMap<String, String> described = new TreeMap<>();
        OptionValues.of(spec, values).forEach((name, value) -> {
            if (value != null
                    && !NOT_PART_OF_IDENTITY.contains(name)
                    && !String.valueOf(value).equals("[]")) {
                described.put(name, String.valueOf(value));
            }
        });
        described.put("threads", Integer.toString(threads()));
        described.remove("keep");
        described.remove("row-column");
        return described;
    }
}
