package dev.cloze.job.audit;

import dev.cloze.job.audit.VerdictRecord.Exemplar;
import dev.cloze.job.terminal.Terminal;
import java.util.regex.Pattern;

/** Documents that show a change, on a terminal. */
record ExemplarView(Terminal terminal) {
    private static final int MOST_CHARACTERS = 400;
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** @param slice of the document, as a person reads it */
    void show(String slice, Exemplar exemplar) {
        terminal.print("");
        terminal.print(slice + " · " + exemplar.kind() + " " + NightTexts.caption(exemplar));
        if (exemplar.text() != null) {
            terminal.print("  " + NightTexts.cut(SPACES.matcher(exemplar.text()).replaceAll(" "), MOST_CHARACTERS));
        }
    }
}
