package dev.cloze.job.audit;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.judge.Rates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** An audit of states, without Spark. */
final class PlainAudit {
    final AuditHistory history;
    final Audits audits;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    PlainAudit(Path directory, String... sliceBy) {
        this(directory, Examples.kept(), sliceBy);
    }

    PlainAudit(Path directory, Examples examples, String... sliceBy) {
        history =
                AuditHistory.of(directory.toString(), Optional.of("news"), List.of(sliceBy), new Configuration(false));
        audits = new Audits(
                new NightsInMemory(history.files()),
                new Audits.Judging(Rates.USUAL, 200),
                examples,
                new Reports(history, Optional.of(NightOutputs.in(directory + "-outputs", new Configuration(false)))),
                terminal());
    }

    Terminal terminal() {
        return new Terminal(new PrintWriter(out, true), new PrintWriter(err, true));
    }

    /** What was printed since this was asked last. */
    String printed() {
        String text = out.toString() + err;
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return text;
    }
}
