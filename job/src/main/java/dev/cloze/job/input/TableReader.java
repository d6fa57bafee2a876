package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads a table of which some columns are wanted, and no text. */
public final class TableReader {
    /** Formats of which Spark looks at the columns of one file, unless it is asked to look at all. */
    private static final Set<String> OF_ONE_FILE = Set.of("parquet", "orc");

    private static final String ALL_FILES = "mergeSchema";

    private final Wanted wanted;
    private final CorpusSession session;

    /**
     * What is wanted.
     *
     * @param needed columns without which the table cannot be read; at least one
     * @param optional columns that are read where any file or row has them
     */
    public record Wanted(List<String> needed, List<String> optional) {
        public Wanted {
            optional = optional.stream()
                    .filter(name -> needed.stream().noneMatch(name::equalsIgnoreCase))
                    .toList();
        }

        private List<String> names() {
            return Stream.concat(needed.stream(), optional.stream()).toList();
        }

        private List<String> missing(Dataset<Row> rows) {
            return optional.stream()
                    .filter(name -> Arrays.stream(rows.columns()).noneMatch(name::equalsIgnoreCase))
                    .toList();
        }
    }

    /**
     * @param inputs files, directories or globs
     * @param reading how they are read
     * @param terminal receives messages for the user
     */
    public TableReader(
            SparkSession spark, List<String> inputs, Corpus.Reading reading, Wanted wanted, Consumer<String> terminal) {
        this.wanted = wanted;
        List<String> names = wanted.names();
        Corpus.Columns columns = new Corpus.Columns(
                Optional.of(names.get(0)),
                Optional.empty(),
                Optional.empty(),
                names.subList(1, names.size()),
                Corpus.RowColumn.NONE);
        this.session = new CorpusSession(spark, new Corpus(List.of(), inputs, reading, columns), terminal);
    }

    /** Those columns that are there, under the names that they are asked for by. */
    public Dataset<Row> read() {
        Loaded loaded = ofAllFiles(new CorpusLoading(session).load());
        Columns columns = new Columns(loaded.rows(), loaded.known());
        List<String> missing = wanted.missing(loaded.rows());
        return loaded.rows()
                .select(wanted.names().stream()
                        .filter(name -> !missing.contains(name))
                        .map(name -> columns.find(name).as(Corpus.outputName(name)))
                        .toArray(Column[]::new));
    }

    /** Says how many rows that were read have characters that nobody wrote, if any. */
    public void sayDoubtful() {
        session.sayDoubtful();
    }

    /** Whether there is something at {@code input}, a file, directory or glob. */
    public static boolean isThere(String input, SparkSession spark) {
        return Roots.isThere(input, spark.sessionState().newHadoopConf());
    }

    /** The same with the columns of all files, when the one that Spark looked at lacks some. */
    private Loaded ofAllFiles(Loaded loaded) {
        List<String> missing = wanted.missing(loaded.rows());
        Corpus corpus = session.corpus();
        boolean isAsked = corpus.reading().options().keySet().stream().anyMatch(ALL_FILES::equalsIgnoreCase);
        if (missing.isEmpty()
                || isAsked
                || !OF_ONE_FILE.contains(loaded.format().toLowerCase(Locale.ROOT))) {
            return loaded;
        }
        Map<String, String> options = new HashMap<>(corpus.reading().options());
        options.put(ALL_FILES, "true");
        Corpus.Reading all = new Corpus.Reading(
                corpus.reading().format(), options, corpus.reading().encoding());
        Corpus merged = new Corpus(corpus.texts(), corpus.inputs(), all, corpus.columns());
        try {
            return new CorpusLoading(new CorpusSession(session.spark(), merged, session::say)).load();
        } catch (ClozeException e) {
            session.say(
                    "some columns have different types in different files, so all files are read with the columns of"
                            + " one of them, which has no " + String.join(", ", missing));
            return loaded;
        }
    }
}
