package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.Comparison;
import dev.cloze.job.audit.ComparisonView;
import dev.cloze.job.audit.ScoredDocuments;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cloze audit compare}. */
@CommandLine.Command(
        name = "compare",
        description = "Compare two outputs of perplexity, or two nights of a history: where the difference comes from,"
                + " how the documents are distributed, and which of them show it. Nothing is judged.",
        footer = {
            "  cloze audit compare scores/before scores/after --slice-by source",
            "  cloze audit compare 2026-11-20 2026-11-21 --history history"
        })
final class AuditCompareCommand implements Command {
    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "Document scores: a directory that perplexity wrote, or files with its columns; with"
                    + " --history, a night.")
    private String before;

    @Parameters(index = "1", paramLabel = "B", description = "The same, which is compared with A.")
    private String now;

    @Mixin
    private SliceOptions slices;

    @Mixin
    private ReadingOptions reading;

    @Option(names = "--history", paramLabel = "DIR", description = "History that has the nights A and B.")
    private Optional<String> history = Optional.empty();

    @Override
    public void check(Problems problems) {
        slices.check(problems);
        if (history.isPresent()) {
            problems.require(
                    date(before).isPresent() && date(now).isPresent(),
                    "with --history, A and B are nights such as 2026-11-21");
            problems.require(
                    slices.columns().isEmpty(),
                    "with --history, slices are those of the history: leave out --slice-by");
        }
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public void run(Terminal terminal) {
        SparkSessions.with(
                "cloze audit compare", spark -> new ComparisonView(comparison(spark, terminal), terminal).show());
    }

    private Comparison comparison(SparkSession spark, Terminal terminal) {
        return history.map(directory -> Comparison.of(
                        AuditHistory.open(directory, HistoryOptions.hadoop()),
                        date(before).orElseThrow(),
                        date(now).orElseThrow(),
                        spark))
                .orElseGet(() -> Comparison.of(scores(before), scores(now), spark, terminal::say));
    }

    private ScoredDocuments scores(String path) {
        return slices.scores(List.of(path), reading.reading(), Optional.empty());
    }
}
