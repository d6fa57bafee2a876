package dev.cloze.marks;

import java.util.Locale;
import java.util.regex.Pattern;

/** Lines of a text that are long enough to tell where it comes from, as footers and boilerplate are. */
public final class LongLines {
    private static final int SHORTEST = 40;
    /** Of a text: a table has no end. */
    private static final int MOST = 500;

    private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

    private LongLines() {}

    /** Numbers of the lines of at least 40 characters, each once; case does not matter, and all digits are equal. */
    public static int[] of(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST)
                .limit(MOST)
                .mapToInt(LongLines::number)
                .distinct()
                .toArray();
    }

    private static int number(String line) {
        return (int) TextHash.of(DIGIT.matcher(line.toLowerCase(Locale.ROOT)).replaceAll("0"));
    }
}
