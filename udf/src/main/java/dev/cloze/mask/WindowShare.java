package dev.cloze.mask;

/**
 * Tokens and the window that they are seen through.
 *
 * @param number of the window within its document, from 0
 * @param window what the model sees
 * @param positions rising positions in the document of this window's own tokens
 */
public record WindowShare(int number, Window window, int[] positions) {
    @Override
    public String toString() {
        return "WindowShare[" + number + ": " + positions.length + " tokens of " + window + "]";
    }
}
