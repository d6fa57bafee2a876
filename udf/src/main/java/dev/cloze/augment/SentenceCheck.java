package dev.cloze.augment;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Says whether a candidate may stand, for instance by its parts of speech. Implementations are found with {@link
 * java.util.ServiceLoader} on the driver and on executors, and are used when a run names them. One object serves several tasks at
 * once, and answers the same for the same sentences, or a run does not repeat.
 */
public interface SentenceCheck {

    /** What {@code --check} calls it. */
    String name();

    /** Whether {@link Sentences#similarity} is wanted, which costs a run of the model for each sentence. */
    default boolean readsSimilarity() {
        return false;
    }

    /**
     * Another version may decide otherwise: a run is not resumed with candidates that another version let pass. Unless a check
     * says better, a digest of what is in its jar, or of its class where there is no jar.
     */
    default String version() {
        return CheckVersion.of(getClass());
    }

    boolean accepts(Sentences sentences);

    /**
     * A text and a candidate made of it.
     *
     * @param original the text
     * @param candidate the text with {@code edits}
     * @param edits in the order of the text
     * @param similarity cosine of the mean-pooled hidden states of both, for a check that reads it
     */
    record Sentences(String original, String candidate, List<Edit> edits, OptionalDouble similarity) {}
}
