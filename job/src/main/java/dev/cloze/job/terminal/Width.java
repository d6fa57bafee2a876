package dev.cloze.job.terminal;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/** Columns of a terminal that text takes: signs of East Asia take two, and accents that stand over a letter none. */
final class Width {
    private Width() {}

    static int of(String text) {
        return text.codePoints().map(Width::of).sum();
    }

    /** The longest beginning of {@code text} that takes {@code width} columns at most. */
    static String fitting(String text, int width) {
        int end = 0;
        int left = width;
        while (end < text.length()) {
            int sign = text.codePointAt(end);
            left -= of(sign);
            if (left < 0) {
                break;
            }
            end += Character.charCount(sign);
        }
        return text.substring(0, end);
    }

    private static int of(int sign) {
        int type = Character.getType(sign);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        int width = UCharacter.getIntPropertyValue(sign, UProperty.EAST_ASIAN_WIDTH);
        return width == UCharacter.EastAsianWidth.WIDE || width == UCharacter.EastAsianWidth.FULLWIDTH ? 2 : 1;
    }
}
