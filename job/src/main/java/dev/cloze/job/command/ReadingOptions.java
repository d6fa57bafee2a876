package dev.cloze.job.command;

import dev.cloze.job.input.Corpus;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the files of a corpus, or of its scores, are read. */
@Section(HelpPage.CORPUS)
final class ReadingOptions {
    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "text, json, csv, tsv, parquet, orc, or another data source of Spark"
                    + " (default: as the files' names tell).")
    private Optional<String> format = Optional.empty();

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of text, json, csv and tsv, such as ISO-8859-1, windows-1252 or UTF-16 (default:"
                    + " UTF-8).")
    private Optional<String> encoding = Optional.empty();

    @Option(
            names = "--read-option",
            paramLabel = "KEY=VALUE",
            description = "An option of Spark's reader, such as multiLine=true. Repeatable.")
    private Map<String, String> readOptions = Map.of();

    boolean hasEncoding() {
        return encoding.isPresent();
    }

    Corpus.Reading reading() {
        return new Corpus.Reading(format, readOptions, encoding);
    }
}
