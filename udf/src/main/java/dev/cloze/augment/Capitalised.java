package dev.cloze.augment;

/** Which words are written with a capital because they are names, not because a sentence begins. */
final class Capitalised {
    /** Behind one of these a sentence may begin. */
    private static final String ENDS = ".!?:;…\n\r";
    /** {@code Mr.} and {@code U.S.} end no sentence; longer words with a capital do. */
    private static final int LONGEST_ABBREVIATION = 3;

    private final String text;
    /** A headline in capitals tells nothing. */
    private final boolean hasSmallLetters;

    Capitalised(String text) {
        this.text = text;
        this.hasSmallLetters = text.codePoints().anyMatch(Character::isLowerCase);
    }

    /** Whether the word at {@code start} is a name: it begins with a capital, and no sentence begins there. */
    boolean isName(int start) {
        return hasSmallLetters && hasCapital(text, start) && !beginsSentence(start);
    }

    static boolean hasCapital(String word, int start) {
        int first = word.codePointAt(start);
        return Character.isUpperCase(first) || Character.isTitleCase(first);
    }

    private boolean beginsSentence(int start) {
        int last = start - 1;
        while (last >= 0 && ENDS.indexOf(text.charAt(last)) < 0 && !Character.isLetterOrDigit(text.charAt(last))) {
            last--;
        }
        boolean ends = last < 0 || ENDS.indexOf(text.charAt(last)) >= 0;
        return ends && !(last > 0 && text.charAt(last) == '.' && isAbbreviation(last));
    }

    private boolean isAbbreviation(int dot) {
        int first = dot;
        while (first > 0 && dot - first <= LONGEST_ABBREVIATION && Character.isLetter(text.charAt(first - 1))) {
            first--;
        }
        int length = dot - first;
        return length >= 1 && length <= LONGEST_ABBREVIATION && hasCapital(text, first);
    }
}
