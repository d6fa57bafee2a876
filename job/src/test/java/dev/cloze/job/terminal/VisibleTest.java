package dev.cloze.job.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a terminal would obey, or not show, becomes signs that a person sees. */
class VisibleTest {
    @ParameterizedTest
    @CsvSource({
        "001b", "0000", "0007", "0008", "000b", "007f", "0080", "009b", "009f", "00ad", "061c", "180e", "200b", "200c",
                "200d",
        "200e", "200f", "2028", "2029", "202a", "202e", "2060", "2066", "2069", "feff", "fff9", "034f", "115f", "3164",
                "d800",
        "dfff", "fffe", "ffff", "fdd0"
    })
    void aSignThatIsNotShownBecomesItsNumber(String number) {
        String sign = String.valueOf((char) Integer.parseInt(number, 16));

        assertThat(Visible.text("a" + sign + "b")).isEqualTo("a\\u" + number + "b");
        assertThat(Visible.line(sign)).isEqualTo("\\u" + number);
    }

    @Test
    void textOfAllKindsStaysAsItIs() {
        String text = "Wie heißt du? 東京 Ελλάδα שלום नमस्ते e\u0301 😀 ❤\uFE0F \\ \u00a0|";

        assertThat(Visible.line(text)).isEqualTo(text);
    }

    @Test
    void linesStayLinesInTextAndNotInALine() {
        assertThat(Visible.text("a\n\tb\rc")).isEqualTo("a\n\tb\\rc");
        assertThat(Visible.line("a\n\tb\rc")).isEqualTo("a\\n\\tb\\rc");
    }

    @Test
    void tagsBeyondTheFirstPlaneAreWrittenInTwoUnits() {
        assertThat(Visible.line(Character.toString(0xE0041))).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void aLineOfJsonStaysTheSameData() throws Exception {
        String value = "a\u001b[31m\u009b\u202e\u2028\ud83d\ude00\u200b" + Character.toString(0xE0041) + "\"\\";
        ObjectMapper mapper = new ObjectMapper();
        StringWriter out = new StringWriter();

        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()));
        terminal.print(mapper.writeValueAsString(value));
        terminal.out().flush();

        assertThat(out.toString()).doesNotContain("\u009b", "\u202e", "\u2028", "\u200b");
        assertThat(mapper.readValue(out.toString(), String.class)).isEqualTo(value);
    }
}
