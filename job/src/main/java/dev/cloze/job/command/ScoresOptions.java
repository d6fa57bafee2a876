package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.NightSource;
import dev.cloze.job.audit.ScoredDocuments;
import dev.cloze.job.audit.TableNights;
import dev.cloze.job.nights.Delivery;
import dev.cloze.job.nights.ModelNights;
import dev.cloze.job.nights.NightCorpus;
import dev.cloze.job.nights.NightModel;
import dev.cloze.job.nights.NightSample;
import dev.cloze.job.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
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
        slices.check(problems);
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

    /** The nights to audit: those of {@code documents} where there is a {@code model} that scores them. */
    NightSource nights(
            NightDocumentsOptions documents,
            Optional<NightModel> model,
            AuditHistory history,
            SparkSession spark,
            Terminal terminal) {
        return model.<NightSource>map(each -> modelNights(documents, each, history, spark, terminal))
                .orElseGet(() ->
                        new TableNights(slices.scores(paths, reading.reading(), dateColumn), spark, terminal::say));
    }

    private ModelNights modelNights(
            NightDocumentsOptions documents,
            NightModel model,
            AuditHistory history,
            SparkSession spark,
            Terminal terminal) {
        boolean isDated = dateColumn.isPresent()
                || documents.paths().stream().anyMatch(path -> path.contains(ScoredDocuments.DATE_IN_PATH));
        Delivery what = documents.what().orElse(isDated ? Delivery.PARTITION : Delivery.SNAPSHOT);
        NightCorpus corpus = slices.corpus(documents.paths(), reading.reading(), dateColumn, what);
        return new ModelNights(
                history, corpus, new NightSample(documents.sample(), slices.columns()), model, spark, terminal);
    }

    /** The history that the nights belong to; it need not be there. */
    AuditHistory history(HistoryOptions history) {
        return AuditHistory.of(history.directory(), name, slices.columns(), HistoryOptions.hadoop());
    }
}
