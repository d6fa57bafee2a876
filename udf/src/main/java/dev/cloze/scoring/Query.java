package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.model.Prediction;
import java.util.List;
import java.util.function.Consumer;

/**
 * A variant to run, and the callback that takes the model's predictions.
 *
 * @param variant what the model reads
 * @param callback gets one prediction for each of the variant's positions; keeps the few numbers it needs
 * @param output which output of the model is wanted
 */
public record Query(Variant variant, Consumer<List<Prediction>> callback, Output output) {

    /** An output of the model. */
    public enum Output {
        /** What the task's model is for. */
        TASK_HEAD,
        /** Hidden states, of a task that {@link ScoringTask#needsHiddenStates}. */
        HIDDEN_STATES
    }

    /** What the task's model is for. */
    public Query(Variant variant, Consumer<List<Prediction>> callback) {
        this(variant, callback, Output.TASK_HEAD);
    }
}
