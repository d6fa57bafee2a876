package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.ScoredDocuments;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.nights.Delivery;
import dev.cloze.job.nights.NightCorpus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is looked at in document scores beside the figures. */
@Section(HelpPage.CORPUS)
final class SliceOptions {
    private static final List<String> TAKEN = List.of("tokens_scored", "nll", "status", "date", "text", "seen", "copy");

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the text, in which marks of damage, language and script are counted (default:"
                    + " text, where there is such a column).")
    private Optional<String> textColumn = Optional.empty();

    @Option(
            names = "--slice-by",
            paramLabel = "NAME",
            split = ",",
            description = "Columns whose values make slices of the corpus. Repeatable, or with commas.")
    private List<String> sliceBy = List.of();

    void check(Problems problems) {
        List<String> slices =
                columns().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        problems.require(
                slices.stream().distinct().count() == slices.size(),
                "--slice-by names a column more than once, or two columns that have one name after their last dot");
        problems.require(
                slices.stream().noneMatch(TAKEN::contains),
                "--slice-by names one of the columns " + String.join(", ", TAKEN) + ", which make no slices");
    }

    /** What the columns of slices are called once a table was read. */
    List<String> columns() {
        return sliceBy.stream().map(Corpus::outputName).toList();
    }

    NightCorpus corpus(List<String> paths, Corpus.Reading reading, Optional<String> dateColumn, Delivery what) {
        return new NightCorpus(paths, reading, textColumn, dateColumn, sliceBy, what);
    }

    ScoredDocuments scores(List<String> paths, Corpus.Reading reading, Optional<String> dateColumn) {
        return new ScoredDocuments(paths, reading, new ScoredDocuments.Columns(dateColumn, textColumn), sliceBy);
    }
}
