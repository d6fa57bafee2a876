package dev.cloze.job.chunks;

import dev.cloze.job.output.RunDirectory;
import dev.cloze.job.plan.Chunk;
import dev.cloze.job.plan.RunPlan;
import dev.cloze.job.plan.Split;
import java.io.IOException;
import java.util.HashSet;
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
record WrittenChunks(SparkSession spark, RunDirectory files, RunPlan plan) {

    /**
     * Chunks that are still to be scored, of {@code splits} as they are read now.
     *
     * @param written those that are there
     * @param progress receives a message when a run is resumed
     */
    List<Chunk> missing(List<Split> splits, Set<String> written, Consumer<String> progress) {
        List<Chunk> chunks = plan.chunks(splits);
        List<Chunk> missing =
                chunks.stream().filter(chunk -> !written.contains(chunk.file())).toList();
        if (!written.isEmpty()) {
            progress.accept(
                    missing.isEmpty()
                            ? "all " + chunks.size() + " chunks are there, nothing is left to score"
                            : "resuming: " + (chunks.size() - missing.size()) + " of " + chunks.size()
                                    + " chunks are there");
        }
        return missing;
    }

    /**
     * What computed each chunk that is there. A machine that loses its power leaves files that are cut off: those are removed.
     *
     * @param progress receives a message about them
     */
    Map<String, String> providers(Consumer<String> progress) throws IOException {
        Set<String> chunks = files.chunks();
        chunks.retainAll(plan.files().keySet());
        Map<String, String> providers = new Footers(spark, files.path()).values(ChunkWriter.PROVIDER, chunks);
        List<String> damaged =
                chunks.stream().filter(chunk -> !providers.containsKey(chunk)).toList();
        if (!damaged.isEmpty()) {
            progress.accept(damaged.size() + " of " + chunks.size()
                    + " chunks that are there are damaged and are scored again");
            files.remove(damaged);
        }
        return providers;
    }

    /**
     * Fails unless all are there, and nothing else.
     *
     * @param unread files of the corpus whose chunks need not be there, and why
     */
    void requireAllBut(Map<String, String> unread) throws IOException {
        files.requireCurrent(plan);
        // Not the file of a corpus without rows, where that is all that is left: it is written when this is accepted.
        Set<String> left = new HashSet<>(plan.without(unread).files().keySet());
        left.retainAll(plan.files().keySet());
        files.requireAll(left);
        files.removeOthers(plan);
        files.requireNothingElse();
        files.removeUnfinished();
    }
}
