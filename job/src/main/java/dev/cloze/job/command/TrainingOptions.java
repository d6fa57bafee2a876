package dev.cloze.job.command;

import dev.cloze.adapt.Schedule;
import dev.cloze.adapt.TrainingSettings;
import dev.cloze.failure.Problems;
import dev.cloze.job.adapt.AdaptationRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How a model is trained, in the words of transformers' Trainer. */
@Section("Training")
final class TrainingOptions {
    private static final double LEARNING_RATE = 5e-5;
    private static final long EPOCHS = 3;
    private static final int BATCH = 8;
    private static final long CHECKPOINT = 50;
    private static final long MOST = 1_000_000_000;
    private static final int MOST_BLOCKS = 100_000;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Size of the steps, before the schedule (default: 5e-5).")
    private double learningRate = LEARNING_RATE;

    @Option(
            names = "--weight-decay",
            paramLabel = "RATE",
            description = "By how much matrices shrink, times the learning rate (default: 0).")
    private double weightDecay;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "LENGTH",
            description = "Longer gradients are shortened to this; 0 leaves all as they are (default: 1).")
    private double maxGradNorm = 1;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Share of the values that a step drops, behind attention, on each branch and behind the"
                    + " embeddings (default: 0).")
    private double dropout;

    @Option(
            names = "--freeze",
            paramLabel = "NAME",
            arity = "1..*",
            description =
                    "Weights that stay as they are: embeddings, layers.0-5, or names as transformers gives them, in"
                            + " which * stands for anything (default: none).")
    private List<String> frozen = List.of();

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the blocks (default: " + EPOCHS + ").")
    private Optional<Long> epochs = Optional.empty();

    @Option(names = "--steps", paramLabel = "N", description = "Steps, instead of --epochs.")
    private Optional<Long> steps = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Blocks that are computed at once (default: " + BATCH + ").")
    private int batchSize = BATCH;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Batches of a step: it is as if one batch were so many times larger (default: 1).")
    private int accumulate = 1;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            converter = DecayConverter.class,
            description = "How the learning rate falls to 0: linear or cosine (default: linear).")
    private Schedule.Decay decay = Schedule.Decay.LINEAR;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Steps over which the learning rate rises from 0 (default: 0).")
    private long warmup;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another seed draws other masks, another order and other held-out blocks (default: 42).")
    private long seed = 42;

    @Option(
            names = "--eval-every",
            paramLabel = "N",
            description = "Steps between evaluations of the held-out blocks (default: those of an epoch).")
    private Optional<Long> evalEvery = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after so many evaluations without a better one, and keep the weights of the best one"
                    + " (default: train to the end, and keep the last weights).")
    private Optional<Integer> patience = Optional.empty();

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Steps after which a killed run can be resumed; it changes no number (default: " + CHECKPOINT
                    + ").")
    private long checkpointEvery = CHECKPOINT;

    /** Names of the schedules on the command line. */
    static final class DecayConverter extends LabelConverter<Schedule.Decay> {
        DecayConverter() {
            super(Schedule.Decay.class);
        }
    }

    void check(Problems problems) {
        problems.require(
                learningRate > 0 && Double.isFinite(learningRate),
                "--learning-rate must be a number above 0, it is " + learningRate);
        problems.require(
                weightDecay >= 0 && weightDecay <= 1, "--weight-decay must be from 0 to 1, it is " + weightDecay);
        problems.require(
                maxGradNorm >= 0 && Double.isFinite(maxGradNorm),
                "--max-grad-norm must be a number of at least 0, it is " + maxGradNorm);
        problems.require(dropout >= 0 && dropout < 1, "--dropout must be at least 0 and below 1, it is " + dropout);
        problems.require(epochs.isEmpty() || steps.isEmpty(), "--epochs and --steps exclude each other");
        epochs.ifPresent(n -> problems.requireFrom("--epochs", n, 1, MOST));
        steps.ifPresent(n -> problems.requireFrom("--steps", n, 1, MOST));
        problems.requireFrom("--batch-size", batchSize, 1, MOST_BLOCKS);
        problems.requireFrom("--accumulate", accumulate, 1, MOST_BLOCKS);
        problems.requireFrom("--warmup", warmup, 0, MOST);
        evalEvery.ifPresent(n -> problems.requireFrom("--eval-every", n, 1, MOST));
        patience.ifPresent(n -> problems.requireFrom("--patience", n, 1, MOST));
        problems.requireFrom("--checkpoint-every", checkpointEvery, 1, MOST);
    }

    boolean hasPatience() {
        return patience.isPresent();
    }

    AdaptationRequest.Plan plan() {
        return new AdaptationRequest.Plan(
                new TrainingSettings.Batching(batchSize, accumulate),
                new AdaptationRequest.Optimization(learningRate, weightDecay, maxGradNorm, dropout, frozen),
                decay,
                warmup,
                new AdaptationRequest.Length(epochs.orElse(EPOCHS), optional(steps)),
                seed,
                new AdaptationRequest.Evaluations(optional(evalEvery), patience.orElse(0)),
                checkpointEvery);
    }

    private static OptionalLong optional(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
