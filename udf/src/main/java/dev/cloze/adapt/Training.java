package dev.cloze.adapt;

import dev.cloze.adapt.gradient.MaskedBatch;
import dev.cloze.adapt.gradient.ModelGradient;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.TensorValues;
import dev.cloze.mask.Draw;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Trains a model on blocks, as transformers' Trainer does: steps of AdamW on the mean cross-entropy of the masked tokens of
 * all of a step's batches. The same blocks, settings, seed and number of threads give the same
 * weights to the last bit.
 */
public final class Training {
    /** Names the drawing of the order of blocks. */
    private static final String ORDER = "order of blocks";
    /** Names the drawing of what is dropped. */
    private static final String DROPOUT = "dropout";

    private final ModelGradient gradient;
    private final List<Parameter> parameters;
    private final Masking masking;
    private final TrainingSettings settings;
    private final AdamW optimizer;
    private final Map<String, FloatBuffer> sums = new LinkedHashMap<>();
    private TrainingState.Progress progress = TrainingState.Progress.BEGIN;

    /** A training that has made no step; {@code parameters} are changed where they lie. */
    public Training(ModelGradient gradient, List<Parameter> parameters, Masking masking, TrainingSettings settings) {
        this.gradient = gradient;
        this.parameters = parameters;
        this.masking = masking;
        this.settings = settings;
        this.optimizer = new AdamW(parameters, settings.weightDecay());
        if (settings.batching().accumulate() > 1) {
            parameters.forEach(parameter -> sums.put(parameter.name(), TensorValues.direct(parameter.count())));
        }
    }

    /** Where the training is; its tensors are those that it works on. */
    public TrainingState state() {
        List<FloatBuffer> tensors = new ArrayList<>();
        parameters.forEach(parameter -> tensors.add(parameter.values()));
        tensors.addAll(optimizer.first().values());
        tensors.addAll(optimizer.second().values());
        return new TrainingState(progress, tensors);
    }

    /** Continues from where another training was, whose tensors were put in the place of those of {@link #state}. */
    public void continueFrom(TrainingState.Progress reached) {
        progress = reached;
    }

    /**
     * Trains to the end, or until held-out blocks no longer get better.
     *
     * @param blocks to train on
     * @param heldOut to evaluate on; may be empty
     */
    public void run(List<Block> blocks, List<Block> heldOut, TrainingListener listener) {
        if (progress.step() == 0 && Double.isNaN(progress.first())) {
            evaluate(heldOut, listener);
        }
        long perEpoch = settings.batching().stepsOf(blocks.size());
        List<Block> ordered = List.of();
        long epochOfOrder = -1;
        while (progress.step() < settings.schedule().steps() && !isExhausted()) {
            long epoch = progress.step() / perEpoch;
            if (epoch != epochOfOrder) {
                ordered = ordered(blocks, epoch);
                epochOfOrder = epoch;
            }
            step(ordered, (int) (progress.step() % perEpoch), (int) epoch + 1, listener);
            boolean last = progress.step() == settings.schedule().steps();
            if (last || progress.step() % settings.evaluation().every() == 0) {
                evaluate(heldOut, listener);
            }
            listener.reached(state());
        }
    }

    private boolean isExhausted() {
        int patience = settings.evaluation().patience();
        return patience > 0 && progress.waited() >= patience;
    }

    private List<Block> ordered(List<Block> blocks, long epoch) {
        double[] places = IntStream.range(0, blocks.size())
                .mapToDouble(
                        i -> Draw.of(settings.seed(), ORDER, (int) epoch, i).uniform(0))
                .toArray();
        return IntStream.range(0, blocks.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> places[i]))
                .map(blocks::get)
                .toList();
    }

    private void step(List<Block> ordered, int number, int pass, TrainingListener listener) {
        int from = number * settings.batching().blocks();
        List<Block> own =
                ordered.subList(from, Math.min(from + settings.batching().blocks(), ordered.size()));
        long tokens = own.stream().mapToLong(Block::length).sum();
        step(batches(own, pass), tokens, listener);
    }

    /** A step on these batches, which have so many tokens. */
    void step(List<MaskedBatch> batches, long tokens, TrainingListener listener) {
        double learningRate = settings.learningRate() * settings.schedule().factor(progress.step());
        double loss = gradients(batches);
        Map<String, FloatBuffer> gradients = sums.isEmpty() ? gradient.gradients() : sums;
        double norm = norm(gradients);
        progress = progress.stepped();
        requireNumbers(loss, norm);
        double clip = settings.maxGradNorm() == 0 ? 1 : Math.min(1, settings.maxGradNorm() / (norm + 1e-6));
        optimizer.step(progress.step(), learningRate, gradients, clip);
        listener.stepped(new TrainingListener.Step(progress.step(), loss, learningRate, norm, tokens));
    }

    private List<MaskedBatch> batches(List<Block> blocks, int pass) {
        List<MaskedBatch> batches = new ArrayList<>();
        int size = settings.batching().size();
        for (int from = 0; from < blocks.size(); from += size) {
            batches.add(masking.batch(blocks.subList(from, Math.min(from + size, blocks.size())), pass));
        }
        return batches;
    }

    /** The mean cross-entropy of all masked tokens; its gradients are in their buffers afterwards. */
    private double gradients(List<MaskedBatch> batches) {
        int masked = batches.stream().mapToInt(MaskedBatch::masked).sum();
        float factor = 1f / Math.max(1, masked);
        sums.values().forEach(FloatBuffers::clear);
        double loss = 0;
        for (int i = 0; i < batches.size(); i++) {
            MaskedBatch batch = batches.get(i);
            if (batch.masked() > 0) {
                Draw draw = Draw.of(settings.seed(), DROPOUT, (int) progress.step(), i);
                gradient.drop(settings.dropout(), draw.uniform(0));
                loss += gradient.lossAndGradients(batch, factor);
                sums.forEach((name, sum) ->
                        FloatBuffers.add(sum, gradient.gradients().get(name)));
            } else if (sums.isEmpty()) {
                gradient.gradients().values().forEach(FloatBuffers::clear);
            }
        }
        return loss;
    }

    private static double norm(Map<String, FloatBuffer> gradients) {
        return Math.sqrt(
                gradients.values().stream().mapToDouble(FloatBuffers::squares).sum());
    }

    private void requireNumbers(double loss, double norm) {
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw ClozeException.user(
                    "continue the training",
                    "the loss of step " + progress.step() + " or its gradient is not a number",
                    "lower --learning-rate, or raise --warmup");
        }
    }

    private void evaluate(List<Block> heldOut, TrainingListener listener) {
        if (heldOut.isEmpty()) {
            return;
        }
        double sum = 0;
        long masked = 0;
        for (MaskedBatch batch : batches(heldOut, Masking.EVALUATION)) {
            if (batch.masked() > 0) {
                sum += gradient.loss(batch, 1);
                masked += batch.masked();
            }
        }
        if (masked == 0) {
            throw ClozeException.user(
                    "evaluate the model",
                    "no token of the held-out blocks was drawn to be masked",
                    "hold out more text");
        }
        double loss = sum / masked;
        if (!Double.isFinite(loss)) {
            throw ClozeException.user(
                    "continue the training",
                    "the loss of the held-out blocks after step " + progress.step() + " is not a number",
                    "lower --learning-rate, or raise --warmup");
        }
        progress = progress.evaluated(loss);
        listener.evaluated(new TrainingListener.Evaluated(progress.step(), loss));
    }
}
