package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.job.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A locale in which Java does not read UTF-8; real processes in such a locale are in LocaleIT. */
class ArgumentEncodingTest {
    @TempDir
    Path directory;

    private final StringWriter said = new StringWriter();
    private final Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(said, true));

    @Test
    void lettersThatWereLostAreRefused() throws Exception {
        Path line = Files.writeString(directory.resolve("cmdline"), "java\0--text\0Wie heißt du?\0");

        assertThatThrownBy(() -> new ArgumentEncoding("ANSI_X3.4-1968", line).check(terminal))
                .hasMessage(
                        "Cannot read the command line: the locale makes Java read it in ANSI_X3.4-1968, which lacks letters"
                                + " that stand there; set LC_ALL=C.UTF-8 in the environment");
        assertThatCode(() -> new ArgumentEncoding("UTF-8", line).check(terminal))
                .doesNotThrowAnyException();
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void namesOfFilesThatCannotBeReadAreMentioned() throws Exception {
        Path line = Files.writeString(directory.resolve("cmdline"), "java\0--text\0Who are you?\0");

        new ArgumentEncoding("ANSI_X3.4-1968", line).check(terminal);

        assertThat(said.toString())
                .isEqualTo(
                        "cloze: the locale makes Java read names of files in ANSI_X3.4-1968: files with other letters in"
                                + " their names are not found; set LC_ALL=C.UTF-8 in the environment\n");
    }
}
