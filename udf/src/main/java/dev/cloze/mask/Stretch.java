package dev.cloze.mask;

/**
 * Tokens and the window that they are seen through.
 *
 * @param number of the window within its document, from 0
 * @param window what the model sees
 * @param positions rising positions in the document of this window's own tokens
 */
public record Stretch(int number, Window window, int[] positions) {
    @Override
    public String toString() {
        return "Stretch[" + number + ": " + positions.length + " tokens of " + window + "]";
    }
}
