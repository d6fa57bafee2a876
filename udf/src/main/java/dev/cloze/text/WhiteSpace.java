package dev.cloze.text;

import java.util.regex.Pattern;

/** White space as Python sees it ({@code \s} of a string, {@code isspace}): Unicode's, and the separators U+001C to U+001F. */
public final class WhiteSpace {
    private static final Pattern RUN = Pattern.compile("[\\s\\x1C-\\x1F]+", Pattern.UNICODE_CHARACTER_CLASS);

    private WhiteSpace() {}

    /** Pieces between runs of white space, empty ones at the ends included: {@code len(re.split(r"\s+", text))}. */
    public static int words(String text) {
        return RUN.split(text, -1).length;
    }

    /** Whether there is nothing else in {@code text}. */
    public static boolean isBlank(String text) {
        return text.isEmpty() || RUN.matcher(text).matches();
    }
}
