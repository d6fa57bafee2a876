package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.ReadFailure;
import dev.cloze.job.output.RunFigures;
import dev.cloze.job.summary.BalanceReport;
import dev.cloze.job.summary.ClassFigures;
import dev.cloze.job.summary.Summary;
import dev.cloze.job.terminal.RowPrinter;
import dev.cloze.mask.Draw;
import dev.cloze.rows.CorpusRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Candidates so that the classes of a corpus come out even: each class is filled up to a target, its documents counted. Documents
 * of a class get the same number of candidates, and one more those that a draw of seed and id chooses.
 */
public final class Balance implements Summary {
    private static final int MOST_CLASSES = 10_000;

    private final String column;
    private final OptionalLong target;
    private final int mostVariants;
    private final long seed;
    private final Map<String, Long> documents = new TreeMap<>();

    /**
     * @param column of the class, as it is called in the output
     * @param target documents and candidates of each class; as many as the largest class has documents, when absent
     * @param mostVariants of one document
     * @param seed another seed chooses other documents
     */
    public Balance(String column, OptionalLong target, int mostVariants, long seed) {
        this.column = column;
        this.target = target;
        this.mostVariants = mostVariants;
        this.seed = seed;
    }

    /** How many candidates each of {@code corpus} gets; reads all of it. */
    Column variants(Dataset<Row> corpus) {
        Map<String, Quota> quotas = new HashMap<>(quotas(CorpusRow.readable(corpus)));
        long draws = seed;
        UDF2<Object, Object, Integer> variants = (label, id) ->
                quotas.getOrDefault(String.valueOf(label), Quota.NONE).of(draw(draws, id));
        return udf(variants, DataTypes.IntegerType).apply(column(corpus), corpus.col(CorpusRow.ID));
    }

    private Map<String, Quota> quotas(Dataset<Row> readable) {
        try {
            countClasses(readable);
            Map<String, Quota> quotas = new HashMap<>();
            documents.forEach(
                    (name, count) -> quotas.put(name, Quota.of(Math.max(0, wanted() - count), count, mostVariants)));
            drawn(readable, quotas)
                    .forEach((name, last) -> quotas.computeIfPresent(name, (key, quota) -> quota.upTo(last)));
            return quotas;
        } catch (Exception e) {
            // A checked exception that Scala does not declare.
            Optional<ReadFailure> unreadable = ReadFailure.in(e);
            if (unreadable.isPresent()) {
                throw uncounted(unreadable.get());
            }
            throw e;
        }
    }

    private long wanted() {
        return target.orElseGet(() ->
                documents.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** A class that was counted in part would not come out even, so that no file may be left out. */
    private ClozeException uncounted(ReadFailure unreadable) {
        return ClozeException.corpus(
                "count the classes of " + column,
                unreadable.file() + " cannot be read: " + unreadable.reason(),
                "repair or remove the file: --balance-by counts the complete corpus before anything is written",
                unreadable.failure());
    }

    private void countClasses(Dataset<Row> readable) {
        List<Row> counts = perClass(readable).limit(MOST_CLASSES + 1).collectAsList();
        if (counts.size() > MOST_CLASSES) {
            throw ClozeException.user(
                    "balance classes by " + column,
                    "it has more than " + MOST_CLASSES + " values",
                    "name a column of labels");
        }
        documents.clear();
        counts.forEach(row -> documents.put(String.valueOf(row.get(0)), row.getLong(1)));
        if (documents.size() < counts.size()) {
            throw ClozeException.user(
                    "balance classes by " + column,
                    "it has rows without a value and rows with the text \"null\"",
                    "give the rows without a value a label of their own");
        }
    }

    /** How many of {@code rows} are of each class. */
    private Dataset<Row> perClass(Dataset<Row> rows) {
        return rows.groupBy(column(rows).cast(DataTypes.StringType)).agg(count(lit(1)));
    }

    /** For each class in which some documents get one more: the highest draw of those. */
    private Map<String, Double> drawn(Dataset<Row> readable, Map<String, Quota> quotas) {
        List<Row> rests = quotas.entrySet().stream()
                .filter(entry -> entry.getValue().rest() > 0)
                .map(entry -> RowFactory.create(entry.getKey(), entry.getValue().rest()))
                .toList();
        if (rests.isEmpty()) {
            return Map.of();
        }
        long draws = seed;
        UDF1<Object, Double> number = id -> draw(draws, id);
        Dataset<Row> wanted = readable.sparkSession()
                .createDataFrame(
                        rests,
                        new StructType().add("name", DataTypes.StringType).add("rest", DataTypes.LongType));
        return readable
                .select(
                        column(readable).cast(DataTypes.StringType).as("label"),
                        udf(number, DataTypes.DoubleType)
                                .apply(readable.col(CorpusRow.ID))
                                .as("draw"))
                .select(
                        when(col("label").isNull(), "null")
                                .otherwise(col("label"))
                                .as("label"),
                        col("draw"))
                .join(wanted, col("label").equalTo(col("name")))
                .withColumn(
                        "place", row_number().over(Window.partitionBy("label").orderBy("draw")))
                .filter(col("place").equalTo(col("rest")))
                .select("label", "draw")
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getDouble(1)));
    }

    private Column column(Dataset<Row> corpus) {
        return corpus.col("`" + column.replace("`", "``") + "`");
    }

    /** Variants begin at 1, so that no candidate draws this number. */
    private static double draw(long seed, Object id) {
        return Draw.of(seed, CorpusRow.name(id), 0, 0).uniform(0);
    }

    /** Shows how the classes came out, and keeps it. */
    @Override
    public void add(Dataset<Row> rows, String run, Optional<RunFigures> kept, RowPrinter printer) {
        Map<String, Long> candidates = new HashMap<>();
        perClass(rows.filter(col("variant").gt(0)))
                .collectAsList()
                .forEach(row -> candidates.put(String.valueOf(row.get(0)), row.getLong(1)));
        BalanceReport report = new BalanceReport(column, wanted(), ClassFigures.of(documents, candidates));
        printer.printBelow(report.table(printer.terminal()));
        kept.ifPresent(place -> place.writeSummary(report));
    }
}
