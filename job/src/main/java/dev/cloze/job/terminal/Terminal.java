package dev.cloze.job.terminal;

import dev.cloze.hub.ProgressListener;
import dev.cloze.job.chunks.RunListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a person looks. Whatever is written here, by whom ever, holds nothing that a terminal would obey or hide ({@link Visible}),
 * and messages hold no secrets.
 */
public final class Terminal implements RunListener, ProgressListener {
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    private static final Duration REPORT = Duration.ofSeconds(10);
    /** Where a line begins again, empty. */
    private static final String ANEW = "\r\u001b[K";

    private static final String NAME = "cloze: ";

    private final HiddenValues hidden = new HiddenValues();
    private final Screen screen;
    private final PrintWriter raw;
    private final PrintWriter out;
    private final PrintWriter err;

    private boolean isProgressShown;

    /** Where nobody looks. */
    public Terminal(PrintWriter out, PrintWriter err) {
        this(out, err, Screen.NONE);
    }

    public Terminal(PrintWriter out, PrintWriter err, Screen screen) {
        this.screen = screen;
        this.raw = err;
        this.out = new PrintWriter(new VisibleWriter(out, line -> line));
        this.err = new PrintWriter(new VisibleWriter(err, hidden::masked), true);
    }

    /** For results, and nothing else. */
    public PrintWriter out() {
        return out;
    }

    /** For everything that is said about them. */
    public PrintWriter err() {
        return err;
    }

    /** Shows {@code instead} from now on where a message has {@code value}. */
    public void keepSecret(String value, String instead) {
        hidden.keep(value, instead);
    }

    /** Says something about the run, below the results that are there. Further lines of a message stand under the first. */
    @Override
    public synchronized void say(String message) {
        endProgress();
        out.flush();
        err.println(NAME + hidden.masked(message).replaceAll("\n(?! )", "\n  "));
        err.flush();
    }

    public synchronized void print(String line) {
        endProgress();
        out.println(line);
    }

    /** A table as wide as the terminal at most. */
    public String render(Table table, List<List<String>> lines) {
        return table.render(lines, screen.width());
    }

    /** What the run is doing: on a terminal in place of what it said before. */
    @Override
    public synchronized void progress(String line) {
        if (screen.messages() == Screen.Messages.KEPT) {
            say(line);
            return;
        }
        endProgress();
        out.flush();
        raw.print(ANEW + Table.cut(NAME + Visible.line(line), screen.width().orElse(Table.WIDEST) - 1));
        raw.flush();
        isProgressShown = true;
    }

    @Override
    public synchronized void endProgress() {
        if (isProgressShown) {
            raw.print(ANEW);
            raw.flush();
            isProgressShown = false;
        }
    }

    /** Columns of the terminal that shows results, if there is one. */
    public OptionalInt width() {
        return screen.width();
    }

    @Override
    public Duration pace() {
        return screen.messages() == Screen.Messages.RENEWED ? RENEWAL : REPORT;
    }
}
