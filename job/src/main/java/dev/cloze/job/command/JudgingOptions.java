package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.Audits;
import dev.cloze.job.audit.Examples;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.judge.Rates;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How nights are judged. */
@Section("Judging")
final class JudgingOptions {
    private static final int MOST_SLICES = 10_000;

    @Option(
            names = "--drift-rate",
            paramLabel = "SHARE",
            description = "Share of the nights on which nothing happened that may have a false drift (default:"
                    + " ${DEFAULT-VALUE}).")
    private double driftRate = Rates.USUAL.drift();

    @Option(
            names = "--watch-rate",
            paramLabel = "SHARE",
            description = "The same of a false watch, which is listed and does not fail (default: ${DEFAULT-VALUE}).")
    private double watchRate = Rates.USUAL.watch();

    @Option(
            names = "--max-slices",
            paramLabel = "N",
            description = "Slices that are judged one by one: those that appeared first. All others are put together"
                    + " (default: ${DEFAULT-VALUE}).")
    private int mostSlices = 200;

    @Option(
            names = "--no-texts",
            description = "Show no texts of documents in verdicts and pages, only their ids and figures.")
    private boolean isWithoutTexts;

    @Mixin
    private OutputsOptions outputs;

    void check(Problems problems) {
        outputs.check(problems);
        problems.require(
                driftRate > 0 && driftRate <= watchRate && watchRate <= 0.5,
                "--drift-rate must be above 0 and at most --watch-rate, which must be at most 0.5; they are "
                        + driftRate + " and " + watchRate);
        problems.requireFrom("--max-slices", mostSlices, 1, MOST_SLICES);
    }

    /** @param examples documents that show what was found */
    Audits audits(AuditHistory history, Examples examples, SparkSession spark, Terminal terminal) {
        Audits.Judging judging = new Audits.Judging(new Rates(driftRate, watchRate), mostSlices);
        Examples shown = isWithoutTexts ? examples.withoutTexts() : examples;
        return Audits.of(history, judging, shown, outputs.outputs(), spark, terminal);
    }
}
