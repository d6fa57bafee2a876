package dev.cloze.job.terminal;

import java.util.Map;
import java.util.OptionalInt;

/**
 * What a person looks at.
 *
 * @param width of the terminal that standard output is, in columns
 * @param messages what standard error is
 */
public record Screen(OptionalInt width, Messages messages) {
    /** Neither is a terminal. */
    static final Screen NONE = new Screen(OptionalInt.empty(), Messages.KEPT);

    /** {@code bin/cloze} says so what it sees of the terminal: the width, or 0 without one. */
    private static final String COLUMNS = "cloze.columns";

    private static final String RENEWED = "cloze.progress";
    private static final int NARROWEST = 20;

    /** Whether a line of messages can be written over. */
    public enum Messages {
        RENEWED,
        KEPT
    }

    /** The one of this process. */
    public static Screen ofThisProcess() {
        String columns = System.getProperty(COLUMNS);
        if (columns != null) {
            Messages messages = "renewed".equals(System.getProperty(RENEWED)) ? Messages.RENEWED : Messages.KEPT;
            return new Screen(width(columns), messages);
        }
        // Java has a console when standard input and output are the terminal; standard error then mostly is, too.
        return System.console() == null ? NONE : ofConsole(System.getenv());
    }

    static Screen ofConsole(Map<String, String> environment) {
        return new Screen(width(environment.getOrDefault("COLUMNS", "")), Messages.RENEWED);
    }

    private static OptionalInt width(String columns) {
        int width = columns.matches("\\d{1,6}") ? Integer.parseInt(columns) : 0;
        return width < NARROWEST ? OptionalInt.empty() : OptionalInt.of(width);
    }
}
