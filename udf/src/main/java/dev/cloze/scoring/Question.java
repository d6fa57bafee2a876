package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.model.Answer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A variant to run, and who is told the answers.
 *
 * @param variant what the model reads
 * @param observer gets one answer for each of the variant's positions; keeps the few numbers it needs
 * @param about what is asked
 */
public record Question(Variant variant, Consumer<List<Answer>> observer, About about) {

    /** What is asked of a variant. */
    public enum About {
        /** What the task's model is for. */
        TASK,
        /** Hidden states, of a task that {@link ScoringTask#describes}. */
        FEATURES
    }

    /** What the task's model is for. */
    public Question(Variant variant, Consumer<List<Answer>> observer) {
        this(variant, observer, About.TASK);
    }
}
