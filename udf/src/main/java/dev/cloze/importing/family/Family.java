package dev.cloze.importing.family;

import java.util.Set;

/**
 * How the networks of one family are built from their weights: a page in the words of {@link Blocks}. Whoever adds a family writes such
 * a page, puts it into {@link Families} and adds a tiny model to {@code src/test/python/checkpoints.py}.
 */
interface Family {
    /** What the names of all tensors begin with but for those of the head. */
    String base();

    /** What the names of the head's tensors begin with. */
    Set<String> heads();

    /** Whether the tensor {@code name} is beside the language model: a part for another task, or a table that can be computed. */
    default boolean ignores(String name) {
        return false;
    }

    /** Writes the network; the logits {@code [batch, sequence, vocabulary]}. */
    String logits(Blocks b, FamilyConfig config);
}
