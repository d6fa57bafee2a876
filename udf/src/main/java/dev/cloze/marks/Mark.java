package dev.cloze.marks;

import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sign that a text is damaged, or is no text. */
public enum Mark {
    /** U+FFFD, which stands for bytes that could not be read, occurs. */
    REPLACEMENT(text -> text.indexOf('\uFFFD') >= 0),
    /** UTF-8 was read as Latin-1 or windows-1252: two places at least look so. */
    MOJIBAKE(text -> Patterns.occurs(Patterns.MOJIBAKE, text, 2)),
    /** Characters that no text has: controls, noncharacters, halves of surrogate pairs. */
    CONTROL(text -> text.codePoints().anyMatch(Mark::isControl)),
    /** Three tags or entities of HTML at least. */
    MARKUP(text -> Patterns.occurs(Patterns.MARKUP, text, 3)),
    /** Less than half of what is not white space are letters. */
    NO_WORDS(Mark::hasFewLetters),
    /** 30 % of the characters at least stand in lines that occurred before in the text. */
    REPETITIVE(RepeatedLines::areMany);

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7F;
    private static final int LAST_C1 = 0x9F;
    private static final int PLANE = 0xFFFF;
    private static final int NONCHARACTERS = 0xFFFE;

    private final Predicate<String> test;

    Mark(Predicate<String> test) {
        this.test = test;
    }

    /** Whether {@code text} has this mark. */
    boolean isOn(String text) {
        return test.test(text);
    }

    private static boolean isControl(int c) {
        if (c < FIRST_PRINTABLE) {
            return c != '\t' && c != '\n' && c != '\f' && c != '\r';
        }
        boolean isNoncharacter = (c & PLANE) >= NONCHARACTERS || c >= 0xFDD0 && c <= 0xFDEF;
        return c >= DELETE && c <= LAST_C1 || isNoncharacter || isHalf(c);
    }

    private static boolean isHalf(int c) {
        return c <= PLANE && Character.isSurrogate((char) c);
    }

    private static boolean hasFewLetters(String text) {
        long visible = text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
        long letters = text.codePoints().filter(Mark::isLetter).count();
        return visible > 0 && 2 * letters < visible;
    }

    /** Vowels of many scripts are marks on letters. */
    private static boolean isLetter(int c) {
        int type = Character.getType(c);
        return Character.isLetter(c) || type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static final class Patterns {
        static final Pattern MOJIBAKE = mojibake();
        static final Pattern MARKUP = Pattern.compile("</?[A-Za-z][\\w:-]{0,30}(?:\\s[^<>]{0,500})?/?>|<!--"
                + "|&(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});");

        private static final int FIRST_CONTINUATION = 0x80;
        private static final int LAST_CONTINUATION = 0xBF;
        private static final int LAST_DIFFERENT = 0x9F;

        /**
         * The second and third byte of a character in UTF-8 are 80 to BF. T is what Latin-1 and windows-1252 make of these; before it
         * stands what they make of the first byte of letters of Europe, of punctuation, or of Cyrillic and Arabic letters.
         */
        private static Pattern mojibake() {
            String t = "[" + continuations() + "]";
            String far = "[ÐÑØÙ]" + t;
            return Pattern.compile("[ÂÃ]" + t + "|â" + t + t + "|" + far + "(?=.{0,3}" + far + ")", Pattern.DOTALL);
        }

        private static String continuations() {
            StringBuilder all = new StringBuilder("\\x80-\\xBF");
            Set<Character> others = new HashSet<>();
            for (int b = FIRST_CONTINUATION; b <= LAST_DIFFERENT; b++) {
                others.add(new String(new byte[] {(byte) b}, Charset.forName("windows-1252")).charAt(0));
            }
            others.removeIf(c -> c <= LAST_CONTINUATION || c == '\uFFFD');
            others.forEach(all::append);
            return all.toString();
        }

        static boolean occurs(Pattern pattern, String text, int times) {
            Matcher matcher = pattern.matcher(text);
            int found = 0;
            while (found < times && matcher.find()) {
                found++;
            }
            return found == times;
        }
    }
}
