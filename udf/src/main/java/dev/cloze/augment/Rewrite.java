package dev.cloze.augment;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A candidate: a text with some words changed.
 *
 * @param variant its number within the document, from 1; 0 for the original itself
 * @param text the whole of it
 * @param edits what was changed, in the order of the text
 * @param pllChange its pseudo-log-likelihood minus the original's, nats; when it was asked for
 */
public record Rewrite(int variant, String text, List<Edit> edits, OptionalDouble pllChange) {
    static Rewrite original(String text) {
        return new Rewrite(0, text, List.of(), OptionalDouble.empty());
    }

    Rewrite with(OptionalDouble change) {
        return new Rewrite(variant, text, edits, change);
    }
}
