package dev.cloze.job.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cloze.job.input.ReadFailure;
import dev.cloze.job.input.SplitTasks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Cuts splits into runs of rows of about equal cost. Reads the corpus once, and twice when a number of pieces is wanted. A split
 * that cannot be read to its end has no pieces, and harms no other.
 *
 * @param target cost of a piece
 * @param together pieces that make a chunk
 */
record ChunkCutter(
        @JsonProperty("target") long target,
        @JsonProperty("together") int together) {
    /** About a second of one core: a small corpus is work for many cores. */
    private static final long PIECE = 1_000;
    /** Some seconds: of a large corpus, a chunk is worth its file. */
    private static final int MOST_TOGETHER = 20;
    /** A corpus that has more pieces than this has larger chunks. */
    private static final int SMALL = 32;
    /** More files than this are a burden to list. */
    private static final int MOST_CHUNKS = 10_000;

    /** Small pieces, or about so many as are wanted. */
    static ChunkCutter into(OptionalInt pieces, JavaRDD<Row> rows, RowCost cost) {
        return new ChunkCutter(pieces.isPresent() ? Math.max(1, total(rows, cost) / pieces.getAsInt()) : PIECE, 1);
    }

    private static long total(JavaRDD<Row> rows, RowCost cost) {
        return SplitTasks.of(rows.mapPartitions(some -> List.of(orUnreadable(() -> total(some, cost), reason -> 0L))
                        .iterator()))
                .fold(0L, Long::sum);
    }

    private static long total(Iterator<Row> rows, RowCost cost) {
        long total = 0;
        while (rows.hasNext()) {
            total += cost.of(rows.next());
        }
        return total;
    }

    /** The partitions of {@code wanted} in pieces; the others are not read. */
    List<CutSplit> cut(JavaRDD<Row> rows, RowCost cost, Set<Integer> wanted) {
        long each = target;
        int joined = together;
        Set<Integer> read = Set.copyOf(wanted);
        return SplitTasks.of(rows.mapPartitionsWithIndex(
                        (partition, some) -> read.contains(partition)
                                ? List.of(cut(partition, some, cost, each).joined(joined))
                                        .iterator()
                                : List.<CutSplit>of().iterator(),
                        true))
                .collect();
    }

    private static CutSplit cut(int partition, Iterator<Row> rows, RowCost cost, long target) {
        return orUnreadable(
                () -> pieces(partition, rows, cost, target), reason -> CutSplit.unreadable(partition, reason));
    }

    /** What {@code reading} finds, or what a failure to read means; any other failure stays one. */
    private static <T> T orUnreadable(Supplier<T> reading, Function<String, T> otherwise) {
        try {
            return reading.get();
        } catch (Exception e) {
            // A task that is killed cannot read either.
            TaskContext.get().killTaskIfInterrupted();
            Optional<ReadFailure> failure = ReadFailure.in(e);
            if (failure.isEmpty()) {
                throw e;
            }
            return otherwise.apply(failure.get().reason());
        }
    }

    private static CutSplit pieces(int partition, Iterator<Row> rows, RowCost cost, long target) {
        List<Long> counts = new ArrayList<>();
        List<Long> costs = new ArrayList<>();
        long count = 0;
        long done = 0;
        Row before = null;
        while (rows.hasNext()) {
            Row row = rows.next();
            if (done >= target && cost.isChunkBoundary(before, row)) {
                counts.add(count);
                costs.add(done);
                count = 0;
                done = 0;
            }
            count++;
            done += cost.of(row);
            before = row;
        }
        if (count > 0) {
            counts.add(count);
            costs.add(done);
        }
        return CutSplit.into(partition, counts, costs);
    }

    /** What a chunk costs that is as large as chunks are to be. */
    long chunkCost() {
        return target * together;
    }

    /** The same with so many pieces together that chunks are worth a file each; {@code cut} is what was cut one by one. */
    ChunkCutter joining(Collection<CutSplit> cut) {
        long all = cut.stream().mapToLong(split -> split.rows().size()).sum();
        long worthwhile = Math.max(1, Math.min(MOST_TOGETHER, all / SMALL));
        return new ChunkCutter(target, (int) Math.max(worthwhile, all / MOST_CHUNKS + 1));
    }
}
