package dev.cloze.job.adapt;

import dev.cloze.adapt.Schedule;
import dev.cloze.adapt.TrainingSettings;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.scoring.Examples;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What {@code cloze adapt} was asked to do.
 *
 * @param base the model
 * @param corpus what it is adapted to
 * @param heldOut texts that are only evaluated; absent when a share of the corpus is held out
 * @param output where the adapted model will be
 * @param blocks what becomes of texts
 * @param training how the model is trained
 * @param threads that compute
 * @param described options on which the result depends, by their names
 */
public record AdaptationRequest(
        Bundle base,
        Corpus corpus,
        Optional<Corpus> heldOut,
        Path output,
        Cutting blocks,
        Plan training,
        int threads,
        SortedMap<String, String> described) {
    /**
     * What becomes of texts.
     *
     * @param examples blocks, or lines
     * @param wantedSize tokens of one; when absent, {@link #BLOCK}, and for lines what the model reads at most
     * @param maskShare of the tokens that is drawn
     * @param evalShare of the blocks that is held out
     */
    public record Cutting(Examples examples, Optional<Integer> wantedSize, double maskShare, double evalShare) {
        /** Tokens of a block when nothing else is wanted. */
        public static final int BLOCK = 128;

        /** Tokens of a block for a model that reads so many. */
        int size(int positionLimit) {
            int size = wantedSize.orElse(examples == Examples.BLOCKS ? Math.min(BLOCK, positionLimit) : positionLimit);
            if (size > positionLimit) {
                throw ClozeException.user(
                        "cut blocks of " + size + " tokens",
                        "the model reads " + positionLimit + " at once",
                        "lower --block-size");
            }
            return size;
        }
    }

    /**
     * How the model is trained; what depends on the number of blocks is still open.
     *
     * @param batching how many blocks make a step
     * @param optimization how weights change
     * @param decay of the learning rate
     * @param warmup steps
     * @param length of the training
     * @param seed of everything that is drawn
     * @param evaluation when held-out blocks are asked
     * @param checkpointEvery steps
     */
    public record Plan(
            TrainingSettings.Batching batching,
            Optimization optimization,
            Schedule.Decay decay,
            long warmup,
            Length length,
            long seed,
            Evaluations evaluation,
            long checkpointEvery) {
        TrainingSettings settings(int blocks) {
            long perEpoch = batching.stepsOf(blocks);
            long steps = length.steps().orElse(length.epochs() * perEpoch);
            return new TrainingSettings(
                    batching,
                    optimization.learningRate(),
                    optimization.weightDecay(),
                    optimization.maxGradNorm(),
                    optimization.dropout(),
                    new Schedule(decay, warmup, steps),
                    seed,
                    new TrainingSettings.Evaluation(evaluation.every().orElse(perEpoch), evaluation.patience()));
        }
    }

    /**
     * How weights change.
     *
     * @param learningRate before the schedule
     * @param weightDecay of matrices
     * @param maxGradNorm longer gradients are shortened to this
     * @param dropout share of the values that a step drops
     * @param frozen names of weights that stay as they are
     */
    public record Optimization(
            double learningRate, double weightDecay, double maxGradNorm, double dropout, List<String> frozen) {}

    /**
     * How long a training is.
     *
     * @param epochs passes over the blocks
     * @param steps instead of them
     */
    public record Length(long epochs, OptionalLong steps) {}

    /**
     * When held-out blocks are evaluated.
     *
     * @param every so many steps; after each pass when absent
     * @param patience evaluations without a better one; 0 when training never stops early
     */
    public record Evaluations(OptionalLong every, int patience) {}
}
