package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.input.BadFiles;
import dev.cloze.job.run.Output;
import dev.cloze.job.run.Tolerance;
import dev.cloze.job.terminal.Display;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where results go. */
@Section(HelpPage.OUTPUT)
final class OutputOptions {
    private static final String PARQUET = "parquet";
    private static final String JSON_LINES = "jsonl";
    /** What Spark calls it. */
    private static final String JSON = "json";

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Directory for Parquet files and _manifest.json; a run that was interrupted there is resumed"
                    + " (default: results are only shown).")
    private Optional<String> directory = Optional.empty();

    @Option(
            names = "--output-format",
            paramLabel = "NAME",
            description =
                    "parquet, in chunks; or csv, with a line for each candidate or row, jsonl, orc, delta, iceberg or"
                            + " another data source of Spark, which writes all rows at once: such a run cannot be resumed when it"
                            + " was interrupted, and keeps no summary (default: ${DEFAULT-VALUE}).")
    private String format = PARQUET;

    @Option(
            names = "--overwrite",
            description = "Replace results of cloze in the output directory; anything else there is refused.")
    private boolean overwrite;

    @Option(
            names = "--refresh",
            description =
                    "Update the results of a run whose corpus changed: what changed is scored anew, the rest stays.")
    private boolean refresh;

    @Option(
            names = "--bad-files",
            paramLabel = "POLICY",
            description = "Files of the corpus that cannot be read: fail, score the others and end with exit code 4;"
                    + " skip, leave them out and say so (default: fail).")
    private Optional<BadFiles> badFiles = Optional.empty();

    @Option(
            names = "--max-bad-rows",
            paramLabel = "N",
            converter = ToleranceConverter.class,
            description =
                    "Rows that may fail, a number or a share such as 0.01, before the run does; 1.0 accepts a run in"
                            + " which no row got an answer, too (default: any number, but not all).")
    private Tolerance tolerance = Tolerance.any();

    @Option(names = "--json", description = "Print one JSON object a row on standard output, and nothing else there.")
    private boolean json;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "Rows of the corpus in the table on the terminal (default: ${DEFAULT-VALUE}).")
    private int rows = 20;

    /** A number or a share of rows. */
    static final class ToleranceConverter implements CommandLine.ITypeConverter<Tolerance> {
        @Override
        public Tolerance convert(String value) {
            try {
                return Tolerance.of(value);
            } catch (NumberFormatException e) {
                throw new CommandLine.TypeConversionException(
                        "expected a number of rows, or a share such as 0.01, but was '" + value + "'");
            }
        }
    }

    void check(Problems problems) {
        problems.require(rows > 0, "--show must be at least 1, it is " + rows);
        problems.require(!overwrite || directory.isPresent(), "--overwrite needs --output");
        problems.require(!refresh || directory.isPresent(), "--refresh needs --output");
        problems.require(badFiles.isEmpty() || directory.isPresent(), "--bad-files needs --output");
        problems.require(isInChunks() || directory.isPresent(), "--output-format needs --output");
        problems.require(
                isInChunks() || !refresh && !skipsBadFiles(),
                "--refresh and --bad-files skip are for runs in chunks: leave them out with --output-format " + format);
        problems.require(!refresh || !overwrite, "--refresh and --overwrite exclude each other");
    }

    private boolean isInChunks() {
        return format.equalsIgnoreCase(PARQUET);
    }

    /** Whether files that cannot be read are left out. */
    boolean skipsBadFiles() {
        return badFiles.equals(Optional.of(BadFiles.SKIP));
    }

    /** Whether results are written anywhere. */
    boolean isKept() {
        return directory.isPresent();
    }

    boolean refreshes() {
        return refresh;
    }

    Output output() {
        return new Output(
                directory,
                Optional.of(format)
                        .filter(name -> !isInChunks())
                        .map(name -> name.equalsIgnoreCase(JSON_LINES) ? JSON : name),
                overwrite,
                refresh,
                badFiles.orElse(BadFiles.FAIL),
                tolerance,
                json ? Display.JSON : Display.TABLE,
                rows);
    }
}
