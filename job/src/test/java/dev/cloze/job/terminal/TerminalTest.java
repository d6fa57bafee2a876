package dev.cloze.job.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.chunks.Progress;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static final String ANEW = "\r\u001b[K";

    /** Standard output and standard error of one screen. */
    private final StringWriter seen = new StringWriter();

    private final Terminal terminal = terminal(Screen.NONE);

    private Terminal terminal(Screen screen) {
        return new Terminal(new PrintWriter(seen), new PrintWriter(seen), screen);
    }

    @Test
    void resultsStandAboveWhatIsSaidOfThem() {
        terminal.print("id  score");
        terminal.say("1 row");

        assertThat(seen.toString()).isEqualTo("id  score\ncloze: 1 row\n");
    }

    @Test
    void whateverIsWrittenShowsItsControlCharacters() {
        terminal.say("file \u001b[2Ja\u202eb");
        terminal.err().println("\tat x.\u009bY");
        terminal.out().print("table\u0007");
        terminal.out().flush();

        assertThat(seen.toString()).isEqualTo("cloze: file \\u001b[2Ja\\u202eb\n\tat x.\\u009bY\ntable\\u0007");
    }

    @Test
    void aNameWithALineBreakIsNoMessageOfItsOwn() {
        terminal.say("Cannot read a\ncloze: 100 rows (100 ok): not there");

        assertThat(seen.toString()).isEqualTo("cloze: Cannot read a\n  cloze: 100 rows (100 ok): not there\n");
    }

    @Test
    void aSecretIsNotShownInMessagesNorInStackTraces() {
        terminal.keepSecret("hunter22", "(not shown)");
        terminal.keepSecret("two\nlines", "${TWO}");

        terminal.say("Cannot connect: hunter22/two\nlines");
        new IllegalStateException("refused hunter22").printStackTrace(terminal.err());

        assertThat(seen.toString())
                .startsWith("cloze: Cannot connect: (not shown)/${TWO}\n")
                .contains("refused (not shown)")
                .doesNotContain("hunter22");
    }

    @Test
    void progressTakesOneLineOfATerminalAndLeavesNothing() {
        Terminal screen = terminal(new Screen(OptionalInt.of(30), Screen.Messages.RENEWED));

        screen.progress("1 of 2 rows");
        screen.progress("2 of 2 rows, and a line that is too long\u001b[2J");
        screen.say("2 rows");

        assertThat(seen.toString())
                .isEqualTo(ANEW + "cloze: 1 of 2 rows" + ANEW + ANEW + "cloze: 2 of 2 rows, and a li…" + ANEW
                        + "cloze: 2 rows\n");
    }

    @Test
    void progressIsLinesWhereThereIsNoTerminal() {
        terminal.progress("1 of 2 rows");
        terminal.endProgress();

        assertThat(seen.toString()).isEqualTo("cloze: 1 of 2 rows\n");
    }

    @Test
    void columnsOfWideSignsLineUp() {
        Table table = new Table(List.of(Table.Column.text("text"), Table.Column.number("n")));

        String text = table.render(List.of(List.of("東京", "1"), List.of("e\u0301te", "12"), List.of("a\u001bb", "3")));

        assertThat(text.lines())
                .containsExactly("text       n", "--------  --", "東京       1", "e\u0301te       12", "a\\u001bb   3");
    }

    @Test
    void aTableIsNoWiderThanTheTerminal() {
        Table table = new Table(
                List.of(Table.Column.text("id"), Table.Column.text("sequence"), Table.Column.number("score")));
        List<List<String>> lines =
                List.of(List.of("1", "東".repeat(100), "0.1234567"), List.of("2", "a".repeat(100), "1"));

        assertThat(table.render(lines, OptionalInt.of(40)).lines()).allMatch(line -> Width.of(line) <= 40);
        assertThat(table.render(lines, OptionalInt.of(40))).contains("0.1234567");
        assertThat(table.render(lines, OptionalInt.of(300))).contains("a".repeat(100));
        assertThat(table.render(lines)).contains("a".repeat(79) + "…");
    }

    @Test
    void columnsOfTheEnvironmentAreTheWidthOfAConsole() {
        assertThat(Screen.ofConsole(Map.of("COLUMNS", "120")).width()).hasValue(120);
        assertThat(Screen.ofConsole(Map.of("COLUMNS", "wide")).width()).isEmpty();
        assertThat(Screen.ofConsole(Map.of("COLUMNS", "0")).width()).isEmpty();
        assertThat(Screen.ofConsole(Map.of()).width()).isEmpty();
    }

    @Test
    void progressIsToldFromTheFirstSecondsOn() throws Exception {
        Terminal screen = terminal(new Screen(OptionalInt.of(60), Screen.Messages.RENEWED));
        CountDownLatch twice = new CountDownLatch(2);
        Metrics scored = new Metrics();
        scored.add(Metric.ROWS, 1);
        Supplier<Metrics> done = () -> {
            twice.countDown();
            return scored;
        };

        boolean told = Progress.ofRows(OptionalLong.of(2), done, screen).during(() -> twice.await(1, TimeUnit.MINUTES));

        assertThat(told).isTrue();
        assertThat(seen.toString()).contains("cloze: 1 of 2 rows, ").endsWith(ANEW);
        assertThat(terminal.pace()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void tablesAreAsWideAsTheTerminal() {
        Terminal narrow = terminal(new Screen(OptionalInt.of(30), Screen.Messages.KEPT));
        Table table = new Table(List.of(Table.Column.text("sequence")));

        assertThat(narrow.render(table, List.of(List.of("a".repeat(100)))).lines())
                .contains("a".repeat(29) + "\u2026");
        assertThat(terminal.render(table, List.of(List.of("a".repeat(100)))).lines())
                .contains("a".repeat(79) + "\u2026");
    }
}
