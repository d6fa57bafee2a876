package dev.cloze.job.command;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How Java read the command line. In a locale without UTF-8 it puts question marks in place of letters beyond ASCII, and does not
 * find files with such names.
 *
 * @param encoding in which Java reads arguments and names of files
 * @param commandLine of this process as it is, where the system shows it
 */
record ArgumentEncoding(String encoding, Path commandLine) {
    private static final String UTF_8 = "UTF-8";
    private static final String REPAIR = "set LC_ALL=C.UTF-8 in the environment";

    static ArgumentEncoding ofThisProcess() {
        return new ArgumentEncoding(System.getProperty("sun.jnu.encoding", UTF_8), Path.of("/proc/self/cmdline"));
    }

    /** Refuses arguments that were misread, and says what else may go wrong. */
    void check(Terminal terminal) {
        if (encoding.equalsIgnoreCase(UTF_8)) {
            return;
        }
        if (hasLetters()) {
            throw ClozeException.user(
                    "read the command line",
                    "the locale makes Java read it in " + encoding + ", which lacks letters that stand there",
                    REPAIR);
        }
        terminal.say("the locale makes Java read names of files in " + encoding
                + ": files with other letters in their names are not found; " + REPAIR);
    }

    private boolean hasLetters() {
        try {
            for (byte sign : Files.readAllBytes(commandLine)) {
                if (sign < 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // Not Linux, whose C locale alone is the reason for all this.
            return false;
        }
    }
}
