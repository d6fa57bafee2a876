package dev.cloze.importing.source;

import dev.cloze.failure.ClozeException;
import java.util.Locale;

/**
 * What is done with a model, in the words of a refusal.
 *
 * @param action such as {@code import model /downloads/bert}
 */
public record Subject(String action) {
    private static final int LONGEST = 100;

    public ClozeException refuse(String why, String repair) {
        return refuse(why, repair, null);
    }

    public ClozeException refuse(String why, String repair, Exception cause) {
        return ClozeException.model(action, why, repair, cause);
    }

    /** A name from a stranger's file as it can be shown: in quotes, one line, not too long. */
    public static String shown(String name) {
        StringBuilder shown = new StringBuilder("\"");
        name.codePoints().limit(LONGEST).forEach(c -> {
            if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.append(name.codePointCount(0, name.length()) > LONGEST ? "…\"" : "\"")
                .toString();
    }
}
