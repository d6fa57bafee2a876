package dev.cloze.job.chunks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Cuts splits into runs of rows of about equal effort. Reads the corpus once, and twice when a number of pieces is wanted.
 *
 * @param target effort of a piece
 * @param together pieces that make a chunk
 */
record Cutting(
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
    static Cutting into(OptionalInt pieces, JavaRDD<Row> rows, Effort effort) {
        return new Cutting(pieces.isPresent() ? Math.max(1, total(rows, effort) / pieces.getAsInt()) : PIECE, 1);
    }

    private static long total(JavaRDD<Row> rows, Effort effort) {
        return rows.map(effort::of).fold(0L, Long::sum);
    }

    /** Rows of each piece of each partition, in their order. */
    Map<Integer, List<Long>> cut(JavaRDD<Row> rows, Effort effort) {
        long each = target;
        List<List<Long>> cut = rows.mapPartitionsWithIndex(
                        (partition, some) ->
                                List.of(cut(partition, some, effort, each)).iterator(),
                        false)
                .collect();
        Map<Integer, List<Long>> byPartition = new HashMap<>();
        cut.forEach(
                pieces -> byPartition.put(pieces.get(0).intValue(), join(pieces.subList(1, pieces.size()), together)));
        return byPartition;
    }

    /** The same with so many pieces together that chunks are worth a file each; {@code cut} is what was cut one by one. */
    Cutting joining(Map<Integer, List<Long>> cut) {
        long all = cut.values().stream().mapToLong(List::size).sum();
        long worthwhile = Math.max(1, Math.min(MOST_TOGETHER, all / SMALL));
        return new Cutting(target, (int) Math.max(worthwhile, all / MOST_CHUNKS + 1));
    }

    /** The partition's number, then the rows of its pieces. */
    private static List<Long> cut(int partition, Iterator<Row> rows, Effort effort, long target) {
        List<Long> cut = new ArrayList<>(List.of((long) partition));
        long count = 0;
        long done = 0;
        Row before = null;
        while (rows.hasNext()) {
            Row row = rows.next();
            if (done >= target && effort.mayCut(before, row)) {
                cut.add(count);
                count = 0;
                done = 0;
            }
            count++;
            done += effort.of(row);
            before = row;
        }
        if (count > 0) {
            cut.add(count);
        }
        return cut;
    }

    static List<Long> join(List<Long> pieces, int together) {
        List<Long> joined = new ArrayList<>();
        for (int from = 0; from < pieces.size(); from += together) {
            joined.add(pieces.subList(from, Math.min(pieces.size(), from + together)).stream()
                    .mapToLong(Long::longValue)
                    .sum());
        }
        return joined;
    }
}
