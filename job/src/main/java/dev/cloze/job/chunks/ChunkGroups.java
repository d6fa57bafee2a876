package dev.cloze.job.chunks;

import dev.cloze.job.plan.Chunk;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which chunks one task scores: neighbours, whose rows fill batches together. Chunks stay what they are, whoever scores them with which
 * others; so the cluster may decide it.
 *
 * @param cost of a group, about; a larger chunk is a group of its own
 */
record ChunkGroups(long cost) {
    /** Each chunk is a group of its own. */
    static final ChunkGroups EACH = new ChunkGroups(0);

    /** A group for each core may leave one waiting for the other. */
    private static final int GROUPS_OF_A_CORE = 2;
    /** Rows of more are not sorted by length together, see {@code Scorer}; and so much is lost with a task. */
    private static final long LARGEST = 40_000;

    /** Groups for so many cores, of chunks that cost {@code all}. */
    static ChunkGroups on(int cores, long all) {
        return new ChunkGroups(Math.min(LARGEST, all / ((long) GROUPS_OF_A_CORE * cores)));
    }

    /** The groups in order, of about equal cost; none is empty. */
    List<List<Chunk>> of(List<Chunk> chunks) {
        long all = chunks.stream().mapToLong(Chunk::cost).sum();
        long groups = Math.max(1, Math.round((double) all / Math.max(1, cost)));
        TreeMap<Long, Stream.Builder<Chunk>> byNumber = new TreeMap<>();
        long before = 0;
        for (Chunk chunk : chunks) {
            // Where its middle lies tells to which of the equal parts of all cost it belongs.
            long number = (long) ((before + chunk.cost() / 2.0) * groups / Math.max(1, all));
            byNumber.computeIfAbsent(number, any -> Stream.builder()).add(chunk);
            before += chunk.cost();
        }
        return byNumber.values().stream().map(group -> group.build().toList()).toList();
    }
}
