package dev.cloze.job.chunks;

import dev.cloze.executor.PartsScorer;
import dev.cloze.executor.RunMetrics;
import dev.cloze.executor.TaskModel;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.chunks.GroupRows.Part;
import dev.cloze.job.plan.Chunk;
import dev.cloze.job.plan.RowPlace;
import dev.cloze.scoring.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * One task for each group of chunks: reads their rows, scores them together, writes chunk by chunk, and returns how many rows of each
 * status there are.
 */
final class ChunkRdd extends RDD<ChunkResult> {
    private static final long serialVersionUID = 1L;

    private final RDD<Row> rows;
    private final List<List<Chunk>> groups;
    private final PartsScorer scorer;
    private final ChunkWriter writer;
    private final RowPlace place;
    private final RunMetrics metrics;
    private final int sent;
    private final int attempts;

    /**
     * @param rows come straight from files, so that a task computes a partition without any other
     * @param groups of chunks, in the order of the corpus
     * @param place is written into each row
     * @param metrics of the run
     * @param sent how many of the first results tasks return to the driver, about
     */
    ChunkRdd(
            RDD<Row> rows,
            List<List<Chunk>> groups,
            PartsScorer scorer,
            ChunkWriter writer,
            RowPlace place,
            RunMetrics metrics,
            int sent) {
        super(
                rows.sparkContext(),
                CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of())
                        .toList(),
                ClassTag$.MODULE$.apply(ChunkResult.class));
        this.rows = rows;
        this.groups = groups;
        this.scorer = scorer;
        this.writer = writer;
        this.place = place;
        this.metrics = metrics;
        this.sent = sent;
        this.attempts = attempts(rows.sparkContext());
    }

    /** How often Spark tries a task. */
    private static int attempts(SparkContext spark) {
        return spark.taskScheduler() instanceof TaskSchedulerImpl scheduler ? scheduler.maxTaskFailures() : 1;
    }

    /** A group of chunks as a partition; the partitions of the files are read within it. */
    private record Task(int index, List<Part> parts) implements Partition {
        @Override
        public int hashCode() {
            return index;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Task task && task.index == index;
        }
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] sources = rows.partitions();
        Partition[] tasks = new Partition[groups.size()];
        long before = 0;
        for (int i = 0; i < tasks.length; i++) {
            List<Part> parts = new ArrayList<>();
            for (Chunk chunk : groups.get(i)) {
                parts.add(new Part(chunk, sources[chunk.partition()], (int) Math.max(0, sent - before)));
                before += chunk.rows();
            }
            tasks[i] = new Task(i, parts);
        }
        return tasks;
    }

    @Override
    public scala.collection.immutable.Seq<String> getPreferredLocations(Partition partition) {
        return rows.preferredLocations(((Task) partition).parts.get(0).source());
    }

    @Override
    public scala.collection.Iterator<ChunkResult> compute(Partition partition, TaskContext context) {
        return CollectionConverters.asScala(results((Task) partition, context).iterator());
    }

    /** Scores the chunks; a file that cannot be read at the last attempt costs no chunk of any other. */
    private List<ChunkResult> results(Task task, TaskContext context) {
        List<ChunkResult> results = new ArrayList<>();
        List<Part> left = task.parts;
        while (!left.isEmpty()) {
            GroupRows mine = new GroupRows(rows, left, place, writer.configuration(), context);
            List<ChunkResult> done = new ArrayList<>();
            Optional<ChunkResult> unread = score(left, mine, done, context);
            results.addAll(done);
            unread.ifPresent(results::add);
            left = unread.isPresent() ? without(left, done.size(), mine.part()) : List.of();
        }
        return results;
    }

    private static List<Part> without(List<Part> parts, int done, int unread) {
        List<Part> left = new ArrayList<>(parts);
        left.remove(unread);
        return left.subList(done, left.size());
    }

    /** Adds to {@code done} what becomes durable; the chunk that cannot be read ends it. */
    private Optional<ChunkResult> score(List<Part> parts, GroupRows mine, List<ChunkResult> done, TaskContext context) {
        String writing = parts.get(0).chunk().file();
        try {
            ScoredParts scored = new ScoredParts(scorer.score(mine, metrics));
            for (int i = 0; i < parts.size(); i++) {
                writing = parts.get(i).chunk().file();
                done.add(write(parts.get(i), i, scored, context));
            }
            return Optional.empty();
        } catch (IOException | FSError e) {
            throw ClozeException.resources(
                    "write " + writer.place(writing),
                    Causes.root(e),
                    "check --output, its permissions and room, and run the same command again: chunks that are there"
                            + " stay",
                    e);
        } catch (Exception e) {
            // A task that is killed cannot read either.
            context.killTaskIfInterrupted();
            Optional<ChunkResult.Unread> unread =
                    mine.file().unread(e).filter(any -> context.attemptNumber() + 1 >= attempts);
            if (unread.isEmpty() && e instanceof RuntimeException failure) {
                throw failure;
            }
            String file = parts.get(mine.part()).chunk().file();
            return Optional.of(ChunkResult.unread(file, unread.orElseThrow(() -> new IllegalStateException(e))));
        }
    }

    private ChunkResult write(Part part, int number, ScoredParts scored, TaskContext context) throws IOException {
        String file = part.chunk().file();
        String attempt = context.taskAttemptId() + "." + System.nanoTime();
        Map<String, String> provider = provider(context);
        long started = System.nanoTime() - scored.nanos();
        ChunkWriter.Written written = writer.write(file, attempt, scored.of(number), provider, part.sent());
        TaskModel.metered(metrics).add(Metric.WRITE, System.nanoTime() - scored.nanos() - started);
        return ChunkResult.written(file, provider.getOrDefault(ChunkWriter.PROVIDER, Footers.UNKNOWN), written);
    }

    /** What really computes. */
    private static Map<String, String> provider(TaskContext context) {
        return TaskModel.device(context)
                .map(device -> Map.of(
                        ChunkWriter.PROVIDER, device.provider().officialName(), "cloze.device", device.toString()))
                .orElse(Map.of());
    }
}
