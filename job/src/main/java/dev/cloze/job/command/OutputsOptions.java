package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.NightOutputs;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What an audit writes for other programs. */
@Section("Outputs")
final class OutputsOptions {
    @Option(
            names = "--outputs",
            paramLabel = "DIR",
            description = "Also write the last night for other programs, under names that do not change: report.html,"
                    + " summary.md, verdict.json, junit.xml, openlineage.json, and a text file for Prometheus.")
    private Optional<String> directory = Optional.empty();

    void check(Problems problems) {
        problems.require(directory.filter(String::isBlank).isEmpty(), "--outputs names no directory");
    }

    Optional<NightOutputs> outputs() {
        return directory.map(name -> NightOutputs.in(name, HistoryOptions.hadoop()));
    }
}
