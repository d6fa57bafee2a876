package dev.cloze.mask;

import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;

/**
 * The part of a document that the model sees: the template's special tokens, and a run of each text.
 *
 * @param document the whole
 * @param kept rising positions of the tokens that are seen
 */
public record Window(TokenizedDocument document, int[] kept) {

    /** Where token {@code position} of the document stands in this window; negative when it is not seen. */
    public int indexOf(int position) {
        return Arrays.binarySearch(kept, position);
    }

    /** What is seen, as a document of its own. */
    public TokenizedDocument content() {
        return document.keep(kept);
    }

    @Override
    public String toString() {
        return "Window[" + kept.length + " of " + document + "]";
    }
}
