package dev.cloze.augment;

import java.util.List;

/**
 * One change of a text.
 *
 * @param start first UTF-16 unit of the original text that is replaced; where a word is inserted, the unit it stands before
 * @param end first UTF-16 unit after it; equal to {@code start} where a word is inserted
 * @param original what is replaced; empty where a word is inserted
 * @param replacement what stands there instead, an inserted word with the blank after it
 * @param probability of the model, over its whole vocabulary; of several pieces, the product of each one's after those before it
 * @param rank among all tokens of the model, from 1; of several pieces, that of the least expected one
 */
public record Edit(int start, int end, String original, String replacement, double probability, int rank) {

    /** The text with {@code edits}, which rise and do not overlap; all else stays as it is, unit for unit. */
    static String apply(String text, List<Edit> edits) {
        StringBuilder changed = new StringBuilder();
        int next = 0;
        for (Edit edit : edits) {
            changed.append(text, next, edit.start).append(edit.replacement);
            next = edit.end;
        }
        return changed.append(text, next, text.length()).toString();
    }
}
