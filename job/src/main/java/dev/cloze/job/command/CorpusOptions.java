package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.input.Corpus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where documents come from. */
@Section(HelpPage.CORPUS)
final class CorpusOptions {
    @Option(
            names = "--input",
            paramLabel = "PATH",
            arity = "1..*",
            description = "File, directory or glob, on any file system that Spark reads; or several. - is standard"
                    + " input.")
    private List<String> inputs = List.of();

    @Option(names = "--text", paramLabel = "TEXT", description = "A text itself, instead of --input. Repeatable.")
    private List<String> texts = List.of();

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the text; a path such as answers.text, too. Arrays of strings are joined with"
                    + " blanks (default: text; of text files: the line).")
    private Optional<String> textColumn = Optional.empty();

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column that names the rows (default: a digest of the text, so equal texts have equal ids).")
    private Optional<String> idColumn = Optional.empty();

    @Option(
            names = "--keep",
            paramLabel = "NAME",
            split = ",",
            description = "Columns to carry along into the output. Repeatable, or with commas.")
    private List<String> keep = List.of();

    @Option(
            names = "--row-column",
            description = "Add a column row: the file that each row comes from, and its number in it, from 0.")
    private boolean rowColumn;

    void check(Problems problems) {
        problems.require(
                texts.isEmpty() != inputs.isEmpty(),
                texts.isEmpty()
                        ? "there is no corpus: give --input or --text"
                        : "--input and --text exclude each other");
        problems.require(texts.isEmpty() || !reading.hasEncoding(), "--text has no encoding: leave --encoding out");
        boolean columns = textColumn.isPresent() || idColumn.isPresent() || !keep.isEmpty();
        problems.require(texts.isEmpty() || !columns, "--text has no columns: leave the column options out");
    }

    boolean hasColumns() {
        return texts.isEmpty();
    }

    /** Whether {@code column} names the rows. */
    boolean isId(String column) {
        return idColumn.filter(column::equalsIgnoreCase).isPresent();
    }

    /** Whether rows have a column that tells where they stand. */
    boolean hasRowColumn() {
        return rowColumn;
    }

    /** Whether rows are named, or columns are carried along. */
    boolean keepsRows() {
        return idColumn.isPresent() || !keep.isEmpty() || rowColumn;
    }

    /**
     * The corpus.
     *
     * @param pairColumn for tasks that read sentence pairs
     * @param needed columns that are carried along beside those of {@code --keep}
     */
    Corpus corpus(Optional<String> pairColumn, List<String> needed) {
        // Names of columns do not depend on case in Spark.
        Set<String> kept = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        List<String> carried =
                Stream.concat(keep.stream(), needed.stream()).filter(kept::add).toList();
        return new Corpus(
                texts,
                inputs,
                reading.reading(),
                new Corpus.Columns(
                        textColumn,
                        pairColumn,
                        idColumn,
                        carried,
                        rowColumn ? Corpus.RowColumn.FILE_AND_NUMBER : Corpus.RowColumn.NONE));
    }

    /** Other files, read in the same way. */
    Corpus like(List<String> others) {
        return new Corpus(
                List.of(),
                others,
                reading.reading(),
                new Corpus.Columns(textColumn, Optional.empty(), Optional.empty(), List.of(), Corpus.RowColumn.NONE));
    }
}
