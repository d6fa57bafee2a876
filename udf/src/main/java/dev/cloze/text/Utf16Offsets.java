package dev.cloze.text;

/** Code-point offsets of the tokenizer to UTF-16 offsets of a Java string; cheap when asked in rising order. */
final class Utf16Offsets {
    private final String text;
    private int codePoints;
    private int units;

    Utf16Offsets(String text) {
        this.text = text;
    }

    int of(int codePointOffset) {
        units = text.offsetByCodePoints(units, codePointOffset - codePoints);
        codePoints = codePointOffset;
        return units;
    }
}
