package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.ScoredDocuments;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.nights.Delivery;
import dev.cloze.job.nights.ModelNights;
import dev.cloze.job.nights.NightCorpus;
import dev.cloze.job.nights.NightModel;
import dev.cloze.job.nights.NightSample;
import dev.cloze.job.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which document scores are audited. */
@Section(HelpPage.CORPUS)
final class ScoresOptions {
    private static final String STANDARD_INPUT = "-";
    private static final List<String> TAKEN = List.of("tokens_scored", "nll", "status", "date", "text", "seen", "copy");

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
            description = "Columns whose values make slices of the corpus, each of which is judged. Repeatable, or with"
                    + " commas.")
    private List<String> sliceBy = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the corpus (default: that of the history's directory).")
    private Optional<String> name = Optional.empty();

    void check(Problems problems, NightDocumentsOptions documents) {
        problems.require(
                !paths.isEmpty() || documents.areGiven(),
                "there are no --scores and no --input: name what perplexity wrote, or a table, or the documents that a"
                        + " model is to score");
        problems.require(
                paths.isEmpty() || !documents.areGiven(),
                "--scores and --input exclude each other: audit the scores that are there, or let a model score the"
                        + " documents");
        problems.require(
                paths.isEmpty() || !documents.haveModel(),
                "--scores need no model: leave --model, --method and the other options of the model out, or give the"
                        + " documents with --input instead of --scores");
        checkPaths(problems, "--scores", paths);
        checkPaths(problems, "--input", documents.paths());
        checkSlices(problems);
    }

    private void checkPaths(Problems problems, String name, List<String> places) {
        problems.require(!places.contains(STANDARD_INPUT), name + " are files: - cannot be read twice");
        long dated = places.stream()
                .filter(path -> path.contains(ScoredDocuments.DATE_IN_PATH))
                .count();
        problems.require(
                dated == 0 || dated == places.size() || dateColumn.isPresent(),
                "{date} is in some of the " + name + " only: write it into all, or name a --date-column");
    }

    private void checkSlices(Problems problems) {
        List<String> slices = sliceColumns().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        problems.require(
                slices.stream().distinct().count() == slices.size(),
                "--slice-by names a column more than once, or two columns that have one name after their last dot");
        problems.require(
                slices.stream().noneMatch(TAKEN::contains),
                "--slice-by names one of the columns " + String.join(", ", TAKEN) + ", which make no slices");
    }

    ScoredDocuments scores() {
        return new ScoredDocuments(
                paths, reading.reading(), new ScoredDocuments.Columns(dateColumn, textColumn), sliceBy);
    }

    /** The nights of {@code documents}, which {@code model} scores. */
    ModelNights nights(
            NightDocumentsOptions documents,
            AuditHistory history,
            NightModel model,
            SparkSession spark,
            Terminal terminal) {
        boolean isDated = dateColumn.isPresent()
                || documents.paths().stream().anyMatch(path -> path.contains(ScoredDocuments.DATE_IN_PATH));
        Delivery what = documents.what().orElse(isDated ? Delivery.PARTITION : Delivery.SNAPSHOT);
        NightCorpus corpus =
                new NightCorpus(documents.paths(), reading.reading(), textColumn, dateColumn, sliceBy, what);
        return new ModelNights(
                history, corpus, new NightSample(documents.sample(), sliceColumns()), model, spark, terminal);
    }

    /** The history that the nights belong to; it need not be there. */
    AuditHistory history(HistoryOptions history) {
        return AuditHistory.of(history.directory(), name, sliceColumns(), HistoryOptions.hadoop());
    }

    private List<String> sliceColumns() {
        return sliceBy.stream().map(Corpus::outputName).toList();
    }
}
