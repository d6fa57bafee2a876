package dev.cloze.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/** Puts the rows of a corpus in its order, which is that of its files' paths: Spark begins with the largest file. */
public final class CorpusOrder implements PartitionCoalescer, Serializable {
    private static final long serialVersionUID = 1L;
    /** What one task reads, in bytes. */
    private static final long PIECE = 1L << 24;
    /** Opening a file takes as long as reading so many bytes. */
    private static final long OPENING = 1L << 18;

    private final ArrayList<int[]> pieces = new ArrayList<>();

    /** @param splits in the order of the corpus */
    private CorpusOrder(List<Split> splits) {
        List<Split> piece = new ArrayList<>();
        long bytes = 0;
        for (Split split : splits) {
            long more = split.length() + OPENING;
            if (!piece.isEmpty() && bytes + more > PIECE) {
                pieces.add(partitions(piece));
                piece.clear();
                bytes = 0;
            }
            piece.add(split);
            bytes += more;
        }
        pieces.add(partitions(piece));
    }

    private static int[] partitions(List<Split> piece) {
        return piece.stream().mapToInt(Split::partition).toArray();
    }

    /**
     * The same rows in the order of the corpus, small neighbouring files in one partition. Rows that do not come straight from files
     * stay as they are.
     *
     * @param rows as {@link Split#prepare} has them read
     */
    public static Dataset<Row> of(Dataset<Row> rows) {
        List<Split> splits = Split.of(rows).orElse(List.of());
        if (splits.size() < 2) {
            return rows;
        }
        CorpusOrder order = new CorpusOrder(splits);
        RDD<Row> ordered = rows.rdd().coalesce(order.pieces.size(), false, Option.apply(order), null);
        return rows.sparkSession().createDataFrame(ordered, rows.schema());
    }

    @Override
    public PartitionGroup[] coalesce(int most, RDD<?> parent) {
        return pieces.stream().map(piece -> group(piece, parent)).toArray(PartitionGroup[]::new);
    }

    private static PartitionGroup group(int[] piece, RDD<?> parent) {
        PartitionGroup group = new PartitionGroup(Option.empty());
        for (int partition : piece) {
            group.partitions().addOne(parent.partitions()[partition]);
        }
        return group;
    }
}
