package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.cloze.job.audit.NightDates;
import dev.cloze.job.audit.ScoredDocuments;
import dev.cloze.job.chunks.ChunkedRun;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.input.InputFile;
import dev.cloze.job.input.InputFiles;
import dev.cloze.job.input.TableReader;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.SliceStates;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The documents of nights.
 *
 * @param paths where they lie; {@value ScoredDocuments#DATE_IN_PATH} stands for the date of a night
 * @param reading how they are read
 * @param text column of the text; as for other commands when absent
 * @param date column that tells the night of a document; when absent, all documents that are read are of the night
 * @param sliceBy columns that slices are made by
 * @param what every night delivers
 */
public record NightCorpus(
        List<String> paths,
        Corpus.Reading reading,
        Optional<String> text,
        Optional<String> date,
        List<String> sliceBy,
        Delivery what) {
    private static final String DATE_IN_PATH = ScoredDocuments.DATE_IN_PATH;

    /** What the columns of slices are called once the corpus was read. */
    List<String> sliceColumns() {
        return sliceBy.stream().map(Corpus::outputName).toList();
    }

    boolean hasDatesInPaths() {
        return paths.stream().anyMatch(path -> path.contains(DATE_IN_PATH));
    }

    /** Where documents of {@code night} may lie, by whether there is anything; of a place without a date, reading will tell. */
    Map<Boolean, List<String>> places(LocalDate night, SparkSession spark) {
        return paths.stream()
                .map(path -> path.replace(DATE_IN_PATH, night.toString()))
                .collect(Collectors.partitioningBy(place -> !hasDatesInPaths() || TableReader.isThere(place, spark)));
    }

    /** All that the documents at {@code places} depend on, as far as it can be told without reading them; empty where it cannot. */
    List<String> identity(List<String> places, SparkSession spark) {
        boolean areFiles = places.stream().allMatch(place -> TableReader.isThere(place, spark));
        List<InputFile> files =
                areFiles ? InputFiles.of(places, spark.sessionState().newHadoopConf()) : List.of();
        if (files.isEmpty()) {
            return List.of();
        }
        List<String> identity = new ArrayList<>(List.of(
                String.valueOf(reading.format()),
                String.valueOf(reading.encoding()),
                String.valueOf(new TreeMap<>(reading.options())),
                String.valueOf(text),
                String.valueOf(date),
                String.valueOf(sliceBy),
                what.name()));
        files.forEach(file -> identity.add(file.path() + " " + file.bytes() + " " + file.modified()));
        return Collections.unmodifiableList(identity);
    }

    /** The corpus at {@code places}, which is read once or several times. */
    CorpusSession session(List<String> places, SparkSession spark, Consumer<String> terminal) {
        List<String> kept =
                Stream.concat(sliceBy.stream(), date.stream()).distinct().toList();
        Corpus.Columns columns =
                new Corpus.Columns(text, Optional.empty(), Optional.empty(), kept, Corpus.RowColumn.NONE);
        ChunkedRun.readInChunks(spark);
        return new CorpusSession(spark, new Corpus(List.of(), places, reading, columns), terminal);
    }

    /** The rows of {@code night}: their keys, which are null where there is no text, the columns of slices, the id and the text. */
    Dataset<Row> rows(CorpusSession session, LocalDate night) {
        Dataset<Row> all = new CorpusReader(session).read(Set.of(SliceStates.SEEN, SliceStates.COPY));
        Dataset<Row> read = date.map(name -> all.filter(
                        NightDates.of(all, quoted(Corpus.outputName(name))).equalTo(lit(night))))
                .orElse(all);
        Column readable = when(col(CorpusRow.PROBLEM).isNull(), col(CorpusRow.TEXT));
        List<Column> selected = new ArrayList<>(
                List.of(TextKey.of(readable).as(TextKey.NAME), col(CorpusRow.ID), readable.as(CorpusRow.TEXT)));
        sliceColumns().forEach(name -> selected.add(col(quoted(name))));
        return read.select(selected.toArray(Column[]::new));
    }

    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
