package dev.cloze.adapt;

/**
 * How a model is trained, in the Trainer's words.
 *
 * @param batching how many blocks make a step
 * @param learningRate before the schedule
 * @param weightDecay of matrices
 * @param maxGradNorm longer gradients are shortened to this; 0 when they never are
 * @param dropout share of the values that a step drops
 * @param schedule of the learning rate
 * @param seed of the order of the blocks
 * @param evaluation when held-out blocks are evaluated
 */
public record TrainingSettings(
        Batching batching,
        double learningRate,
        double weightDecay,
        double maxGradNorm,
        double dropout,
        Schedule schedule,
        long seed,
        Evaluation evaluation) {
    /**
     * How many blocks make a step.
     *
     * @param size blocks that are computed at once
     * @param accumulate how many such batches make a step
     */
    public record Batching(int size, int accumulate) {
        /** Blocks of a step. */
        public int blocks() {
            return size * accumulate;
        }

        /** Steps of a pass over so many blocks. */
        public long stepsOf(int blocks) {
            return (blocks + blocks() - 1L) / blocks();
        }
    }

    /**
     * When held-out blocks are evaluated.
     *
     * @param every steps
     * @param patience evaluations without a better one after which training stops; 0 when it never does
     */
    public record Evaluation(long every, int patience) {}
}
