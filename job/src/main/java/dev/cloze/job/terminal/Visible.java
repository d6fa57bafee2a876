package dev.cloze.job.terminal;

import java.util.Locale;

/**
 * Text as a terminal may show it. Characters that a terminal obeys or does not show, such as ESC, controls of the direction of
 * writing and blanks without width, become escapes of JSON ({@code \}{@code u202e}): a person sees them, and a line of JSON
 * stays the same data.
 */
public final class Visible {
    /** From here on characters may be invisible that are none of the controls of ASCII. */
    private static final int SOFT_HYPHEN = 0xAD;

    private static final int DELETE = 0x7F;
    private static final int LAST_CONTROL = 0x9F;
    /** Letters of Unicode that have no glyph. */
    private static final String BLANK_LETTERS = "\u034F\u115F\u1160\u3164\uFFA0";
    /** Tags and selectors of variants: hidden text can be written with them. */
    private static final int TAGS = 0xE0;

    private static final int PLANE = 12;

    private Visible() {}

    /** Lines stay lines, and tabs stay tabs. */
    public static String text(String text) {
        return escaped(text, "\n\t");
    }

    /** One line. */
    public static String line(String text) {
        return escaped(text, "");
    }

    private static String escaped(String text, String allowed) {
        StringBuilder visible = null;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int sign = text.codePointAt(i);
            if (isHidden(sign) && allowed.indexOf(sign) < 0) {
                visible = visible == null ? new StringBuilder(text.substring(0, i)) : visible;
                visible.append(escape(sign));
            } else if (visible != null) {
                visible.appendCodePoint(sign);
            }
        }
        return visible == null ? text : visible.toString();
    }

    private static boolean isHidden(int sign) {
        if (sign < SOFT_HYPHEN) {
            return sign < ' ' || sign >= DELETE && sign <= LAST_CONTROL;
        }
        int type = Character.getType(sign);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || isNoCharacter(sign)
                || sign >> PLANE == TAGS
                || BLANK_LETTERS.indexOf(sign) >= 0;
    }

    /** What Unicode keeps for a program's own use; XML does not allow it. */
    private static boolean isNoCharacter(int sign) {
        return (sign & 0xFFFE) == 0xFFFE || sign >= 0xFDD0 && sign <= 0xFDEF;
    }

    private static String escape(int sign) {
        return switch (sign) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            default -> {
                StringBuilder escape = new StringBuilder();
                for (char unit : Character.toChars(sign)) {
                    escape.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
                yield escape.toString();
            }
        };
    }
}
