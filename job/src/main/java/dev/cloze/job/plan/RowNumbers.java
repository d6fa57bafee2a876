package dev.cloze.job.plan;

import dev.cloze.failure.ClozeException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Numbers rows of files. A run in chunks need not: its plan knows how many rows each split has. */
public final class RowNumbers {
    private RowNumbers() {}

    /** Fails when {@code rows} do not come straight from files, in the pieces of {@link Split#prepare}. */
    public static void requireFiles(Dataset<Row> rows) {
        splits(rows);
    }

    private static List<Split> splits(Dataset<Row> rows) {
        return Split.of(rows)
                .orElseThrow(() -> ClozeException.user(
                        "number the rows of the corpus",
                        "they do not come straight from files",
                        "leave --row-column out, or name the rows with --id-column"));
    }

    /**
     * The same rows with their places in {@code column}; reads the corpus once to count them.
     *
     * @param rows as {@link Split#prepare} has them read
     */
    public static Dataset<Row> written(Dataset<Row> rows, int column) {
        List<Split> splits = splits(rows);
        JavaRDD<Row> read = rows.javaRDD();
        Map<Integer, Long> counts = new HashMap<>();
        read.mapPartitionsWithIndex(
                        (partition, some) ->
                                List.of(new Tuple2<>(partition, count(some))).iterator(),
                        true)
                .collect()
                .forEach(count -> counts.put(count._1(), count._2()));
        HashMap<Integer, Beginning> beginnings = beginnings(splits, counts);
        RowPlace place = new RowPlace(OptionalInt.of(column));
        JavaRDD<Row> placed = read.mapPartitionsWithIndex(
                (partition, some) -> beginnings.get(partition).placed(some, place), true);
        return rows.sparkSession().createDataFrame(placed, rows.schema());
    }

    private static long count(Iterator<Row> rows) {
        long count = 0;
        while (rows.hasNext()) {
            rows.next();
            count++;
        }
        return count;
    }

    /** By partitions. */
    private static HashMap<Integer, Beginning> beginnings(List<Split> splits, Map<Integer, Long> counts) {
        HashMap<Integer, Beginning> beginnings = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>();
        for (Split split : splits) {
            long first = numbers.getOrDefault(split.path(), 0L);
            beginnings.put(split.partition(), new Beginning(split.path(), first));
            numbers.put(split.path(), first + counts.get(split.partition()));
        }
        return beginnings;
    }

    /** Where the rows of a split begin. Not a record: Kryo cannot read those. */
    private static final class Beginning implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String file;
        private final long first;

        Beginning(String file, long first) {
            this.file = file;
            this.first = first;
        }

        Iterator<Row> placed(Iterator<Row> rows, RowPlace place) {
            return new Iterator<>() {
                private long number = first;

                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Row next() {
                    return place.write(rows.next(), file, number++);
                }
            };
        }
    }
}
