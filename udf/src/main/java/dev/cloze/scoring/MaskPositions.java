package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.text.TokenizedDocument;
import java.util.List;

/** Masks that are read from one run of the model. */
record MaskPositions(Window window, List<MaskPosition> positions) {
    /** The model's output is [positions, vocabulary]; more masks would make it larger than all else. */
    private static final int MOST = 64;

    boolean isFull() {
        return positions.size() == MOST;
    }

    /** All masks of the window left as they are, and what is wanted at each of them. */
    Variant variant(int topK, List<long[]> candidates) {
        TokenizedDocument seen = window.content();
        int[] indexes = positions.stream()
                .mapToInt(mask -> window.indexOf(mask.position()))
                .toArray();
        return new Variant(seen.ids(), seen.typeIds(), indexes, topK, candidates.toArray(long[][]::new));
    }
}
