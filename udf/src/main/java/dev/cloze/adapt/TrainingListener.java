package dev.cloze.adapt;

import java.io.IOException;
import java.nio.file.Path;

/** Receives the progress of a training. */
public interface TrainingListener {
    /**
     * A step was made.
     *
     * @param step its number, counted from 1
     * @param loss mean cross-entropy of its masked tokens, in nats
     * @param learningRate of the step
     * @param gradNorm length of the gradient before it was shortened
     * @param tokens of its blocks, padding left out
     */
    record Step(long step, double loss, double learningRate, double gradNorm, long tokens) {}

    /**
     * Held-out blocks were evaluated.
     *
     * @param step after how many steps
     * @param loss mean cross-entropy of their masked tokens, in nats
     */
    record Evaluated(long step, double loss) {
        /** exp of the loss. */
        public double perplexity() {
            return Math.exp(loss);
        }
    }

    void stepped(Step step);

    void evaluated(Evaluated evaluated);

    /**
     * The training has ended, and its result is being written.
     *
     * @param bundle a directory that becomes the result with whatever is put there
     * @param journal the losses in it, a JSON object a line
     */
    default void finishing(Path bundle, Path journal) throws IOException {
        // Most have nothing to add.
    }

    /** Called where a training can be resumed later; {@code state} is valid inside the call only. */
    void reached(TrainingState state);
}
