package dev.cloze.job.chunks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * The chunks of a plan that are there.
 *
 * @param files of the run
 */
record WrittenChunks(SparkSession spark, RunFiles files, RunPlan plan) {

    /**
     * Chunks that are still to be scored, of {@code splits} as they are read now.
     *
     * @param progress receives a message when a run is resumed
     */
    List<Chunk> missing(List<Split> splits, Consumer<String> progress) throws IOException {
        List<Chunk> chunks = plan.chunks(splits);
        Set<String> whole = whole(progress);
        List<Chunk> missing =
                chunks.stream().filter(chunk -> !whole.contains(chunk.file())).toList();
        if (!whole.isEmpty()) {
            progress.accept(
                    missing.isEmpty()
                            ? "all " + chunks.size() + " chunks are there, nothing is left to score"
                            : "resuming: " + (chunks.size() - missing.size()) + " of " + chunks.size()
                                    + " chunks are there");
        }
        return missing;
    }

    /** A machine that loses its power leaves files that are cut off: those are removed. */
    private Set<String> whole(Consumer<String> progress) throws IOException {
        Set<String> chunks = files.chunks();
        chunks.retainAll(plan.files().keySet());
        List<String> damaged = new Footers(spark, files.directory()).missing(chunks);
        if (!damaged.isEmpty()) {
            progress.accept(damaged.size() + " of " + chunks.size()
                    + " chunks that are there are damaged and are scored again");
            files.remove(damaged);
            damaged.forEach(chunks::remove);
        }
        return chunks;
    }

    /**
     * Fails unless all are there, and nothing else.
     *
     * @param unread files of the corpus whose chunks need not be there, and why
     */
    void requireAllBut(Map<String, String> unread) throws IOException {
        files.requireCurrent(plan);
        files.requireAll(plan.without(unread).files().keySet());
        files.removeOthers(plan);
        files.requireNothingElse();
        files.removeUnfinished();
    }
}
