package dev.cloze.augment;

/** What is a word, letter by letter. */
final class Letters {
    /** Between letters they make one expression of two words: a contraction, a name, a path. */
    private static final String JOINERS = "'’‘ʼ`.@#_/\\&=+*~^$%";

    private Letters() {}

    /** Whether there are letters and their accents only. */
    static boolean isWord(String text) {
        return text.codePoints().anyMatch(Character::isLetter)
                && text.codePoints().allMatch(c -> Character.isLetter(c) || isMark(c));
    }

    static boolean hasLetter(String text) {
        return text.codePoints().anyMatch(Character::isLetter);
    }

    /** The end of what starts before {@code end}: accents that are characters of their own belong to their letter. */
    static int withMarks(String text, int end) {
        int next = end;
        while (next < text.length() && isMark(text.codePointAt(next))) {
            next += Character.charCount(text.codePointAt(next));
        }
        return next;
    }

    /** Whether a word is no part of a larger expression such as {@code don't}, {@code example.com} or {@code snake_case}. */
    static boolean standAlone(String text, int start, int end) {
        boolean before = start > 0 && joins(text.codePointBefore(start), text.codePointAt(start));
        boolean after = end < text.length() && joins(text.codePointAt(end), text.codePointBefore(end));
        return !before && !after && !isJoined(text, start, -1) && !isJoined(text, end, 1);
    }

    private static boolean joins(int neighbour, int own) {
        return Character.isLetterOrDigit(neighbour)
                && !(Character.isIdeographic(neighbour) || Character.isIdeographic(own));
    }

    /** Whether a joiner stands at the border of a word, and a letter or digit beyond it; before a word {@code @} and such suffice. */
    private static boolean isJoined(String text, int border, int direction) {
        int joiner = direction < 0 ? border - 1 : border;
        if (joiner < 0 || joiner >= text.length() || JOINERS.indexOf(text.charAt(joiner)) < 0) {
            return false;
        }
        if (direction < 0 && "@#$%\\/_".indexOf(text.charAt(joiner)) >= 0) {
            return true;
        }
        int beyond = joiner + direction;
        return beyond >= 0 && beyond < text.length() && isLetterOrDigit(text, beyond);
    }

    private static boolean isLetterOrDigit(String text, int index) {
        char unit = text.charAt(index);
        return Character.isSurrogate(unit) || Character.isLetterOrDigit(unit);
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
