package dev.cloze.job.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads a table of which some columns are wanted, and no text.
 *
 * @param inputs files, directories or globs
 * @param reading how they are read
 * @param terminal receives messages for the user
 */
public record TableReader(SparkSession spark, List<String> inputs, Corpus.Reading reading, Consumer<String> terminal) {

    /**
     * Those columns, under the names that they are asked for by.
     *
     * @param needed without which the table cannot be read; at least one
     * @param optional that are read where the table has them
     */
    public Dataset<Row> read(List<String> needed, List<String> optional) {
        List<String> names = new ArrayList<>(needed);
        List<String> known = known(needed);
        optional.stream()
                .filter(name -> known.stream().anyMatch(name::equalsIgnoreCase))
                .filter(name -> names.stream().noneMatch(name::equalsIgnoreCase))
                .forEach(names::add);
        CorpusSession session = session(names);
        Loaded loaded = new CorpusLoading(session).load();
        Columns columns = new Columns(loaded.rows(), loaded.known());
        return loaded.rows()
                .select(names.stream()
                        .map(name -> columns.find(name).as(Corpus.outputName(name)))
                        .toArray(Column[]::new));
    }

    /** Whether there is something at {@code input}, a file, directory or glob. */
    public static boolean isThere(String input, SparkSession spark) {
        return Roots.isThere(input, spark.sessionState().newHadoopConf());
    }

    /** The names of all columns. */
    private List<String> known(List<String> needed) {
        Loaded loaded = new CorpusLoading(session(needed)).load();
        return Arrays.asList(loaded.known().get().fieldNames());
    }

    private CorpusSession session(List<String> names) {
        Corpus.Columns columns = new Corpus.Columns(
                Optional.of(names.get(0)),
                Optional.empty(),
                Optional.empty(),
                names.subList(1, names.size()),
                Corpus.RowColumn.NONE);
        return new CorpusSession(spark, new Corpus(List.of(), inputs, reading, columns), terminal);
    }
}
