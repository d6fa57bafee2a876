package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Spans of each text that stay as they are. */
@Section("Words that take part")
final class ProtectionOptions {
    @Option(
            names = "--protect-column",
            paramLabel = "NAME",
            description = "Column of spans that stay as they are: array<struct<start,end>> or array<array<int>>, in"
                    + " UTF-16 units of the text. It is carried along.")
    private Optional<String> column = Optional.empty();

    void check(Problems problems, CorpusOptions corpus) {
        problems.require(column.isEmpty() || corpus.hasColumns(), "--text has no columns: leave --protect-column out");
    }

    Optional<String> column() {
        return column;
    }
}
