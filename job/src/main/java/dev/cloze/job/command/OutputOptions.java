package dev.cloze.job.command;

import dev.cloze.job.config.Problems;
import dev.cloze.job.run.Output;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where results go. */
final class OutputOptions {
    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Directory for Parquet files and _manifest.json (default: results are only shown).")
    private Optional<String> directory = Optional.empty();

    @Option(names = "--overwrite", description = "Replace what is in the output directory.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print one JSON object a row on standard output, and nothing else there.")
    private boolean json;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "Rows of the corpus in the table on the terminal (default: ${DEFAULT-VALUE}).")
    private int rows = 20;

    void check(Problems problems) {
        problems.require(rows > 0, "--show must be at least 1, it is " + rows);
        problems.require(!overwrite || directory.isPresent(), "--overwrite needs --output");
    }

    Output output() {
        return new Output(directory, overwrite, json ? Output.Display.JSON : Output.Display.TABLE, rows);
    }
}
