package dev.cloze.adapt;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Where a training is: all that another process needs to continue it to the last bit.
 *
 * @param progress the numbers
 * @param tensors parameters, their means of gradients and of squared gradients
 */
public record TrainingState(Progress progress, List<FloatBuffer> tensors) {
    /**
     * Numbers of a training.
     *
     * @param step steps that were made
     * @param first loss of the held-out blocks before the first step; NaN when it was not measured
     * @param best lowest loss of the held-out blocks so far, likewise
     * @param waited evaluations since the best one
     * @param last loss of the held-out blocks when they were evaluated last
     */
    public record Progress(long step, double first, double best, int waited, double last) {
        static final Progress BEGIN = new Progress(0, Double.NaN, Double.NaN, 0, Double.NaN);

        Progress stepped() {
            return new Progress(step + 1, first, best, waited, last);
        }

        Progress evaluated(double loss) {
            boolean better = Double.isNaN(best) || loss < best;
            return new Progress(
                    step, Double.isNaN(first) ? loss : first, better ? loss : best, better ? 0 : waited + 1, loss);
        }
    }
}
