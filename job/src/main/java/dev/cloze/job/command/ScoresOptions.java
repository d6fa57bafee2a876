package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.ScoredDocuments;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which document scores are audited. */
@Section(HelpPage.CORPUS)
final class ScoresOptions {
    private static final String STANDARD_INPUT = "-";

    @Option(
            names = "--scores",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Document scores: a directory that perplexity wrote, or files of any format with its columns"
                    + " tokens_scored, nll and, if there is one, status. {date} stands for the date of the night.")
    private List<String> paths = List.of();

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--date-column",
            paramLabel = "NAME",
            description = "Column that tells the night of a document: dates, timestamps (their date in UTC) or strings"
                    + " such as 2026-11-21 (default: date; without such a column, and with {date} in --scores, all"
                    + " documents are of the night).")
    private Optional<String> dateColumn = Optional.empty();

    @Mixin
    private SliceOptions slices;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the corpus (default: that of the history's directory).")
    private Optional<String> name = Optional.empty();

    void check(Problems problems) {
        problems.require(!paths.isEmpty(), "there are no --scores: name what perplexity wrote, or a table");
        problems.require(!paths.contains(STANDARD_INPUT), "--scores are files: - cannot be read twice");
        long dated = paths.stream()
                .filter(path -> path.contains(ScoredDocuments.DATE_IN_PATH))
                .count();
        problems.require(
                dated == 0 || dated == paths.size() || dateColumn.isPresent(),
                "{date} is in some of the --scores only: write it into all, or name a --date-column");
        slices.check(problems);
    }

    ScoredDocuments scores() {
        return slices.scores(paths, reading.reading(), dateColumn);
    }

    /** The history that the nights of these scores belong to; it need not be there. */
    AuditHistory history(HistoryOptions history) {
        return AuditHistory.of(history.directory(), name, slices.columns(), HistoryOptions.hadoop());
    }
}
