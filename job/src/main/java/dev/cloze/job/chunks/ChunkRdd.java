package dev.cloze.job.chunks;

import dev.cloze.executor.TaskModel;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.plan.Chunk;
import dev.cloze.job.plan.RowPlace;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** One task for each chunk: reads its rows, scores them, writes them, and returns how many rows of each status there are. */
final class ChunkRdd extends RDD<ChunkResult> {
    private static final long serialVersionUID = 1L;

    private final RDD<Row> rows;
    private final List<Chunk> chunks;
    private final MapPartitionsFunction<Row, Row> scorer;
    private final ChunkWriter writer;
    private final RowPlace place;
    private final LongAccumulator scored;
    private final int sent;
    private final int attempts;

    /**
     * @param rows come straight from files, so that a task computes a partition without any other
     * @param place is written into each row
     * @param scored counts the rows that are durable
     * @param sent how many of the first results tasks return to the driver, about
     */
    ChunkRdd(
            RDD<Row> rows,
            List<Chunk> chunks,
            MapPartitionsFunction<Row, Row> scorer,
            ChunkWriter writer,
            RowPlace place,
            LongAccumulator scored,
            int sent) {
        super(
                rows.sparkContext(),
                CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of())
                        .toList(),
                ClassTag$.MODULE$.apply(ChunkResult.class));
        this.rows = rows;
        this.chunks = chunks;
        this.scorer = scorer;
        this.writer = writer;
        this.place = place;
        this.scored = scored;
        this.sent = sent;
        this.attempts = attempts(rows.sparkContext());
    }

    /** How often Spark tries a task. */
    private static int attempts(SparkContext spark) {
        return spark.taskScheduler() instanceof TaskSchedulerImpl scheduler ? scheduler.maxTaskFailures() : 1;
    }

    /** A chunk as a partition; the one of the file is read within it. */
    private record Task(int index, Chunk chunk, Partition source, int sent) implements Partition {
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
        Partition[] tasks = new Partition[chunks.size()];
        long before = 0;
        for (int i = 0; i < tasks.length; i++) {
            Chunk chunk = chunks.get(i);
            tasks[i] = new Task(i, chunk, sources[chunk.partition()], (int) Math.max(0, sent - before));
            before += chunk.rows();
        }
        return tasks;
    }

    @Override
    public scala.collection.immutable.Seq<String> getPreferredLocations(Partition partition) {
        return rows.preferredLocations(((Task) partition).source);
    }

    @Override
    public scala.collection.Iterator<ChunkResult> compute(Partition partition, TaskContext context) {
        return CollectionConverters.asScala(
                List.of(result((Task) partition, context)).iterator());
    }

    /** Scores the chunk; a file that cannot be read at the last attempt costs no chunk of any other. */
    private ChunkResult result(Task task, TaskContext context) {
        SourceFile file = SourceFile.of(task.source, writer.configuration());
        try {
            return score(
                    task,
                    new ChunkRows(
                            CollectionConverters.asJava(rows.iterator(task.source, context)), task.chunk, file, place),
                    context);
        } catch (IOException | FSError e) {
            throw ClozeException.resources(
                    "write " + writer.place(task.chunk.file()),
                    Causes.root(e),
                    "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                    e);
        } catch (Exception e) {
            // A task that is killed cannot read either.
            context.killTaskIfInterrupted();
            Optional<ChunkResult.Unread> unread = file.unread(e).filter(any -> context.attemptNumber() + 1 >= attempts);
            if (unread.isEmpty() && e instanceof RuntimeException failure) {
                throw failure;
            }
            return ChunkResult.unread(task.chunk.file(), unread.orElseThrow(() -> new IllegalStateException(e)));
        }
    }

    private ChunkResult score(Task task, ChunkRows mine, TaskContext context) throws Exception {
        Chunk chunk = task.chunk;
        String attempt = context.taskAttemptId() + "." + System.nanoTime();
        Iterator<Row> results = scorer.call(mine);
        Map<String, String> provider = provider(context);
        ChunkWriter.Written written = writer.write(chunk.file(), attempt, results, provider, task.sent);
        scored.add(chunk.rows());
        return ChunkResult.written(chunk.file(), provider.getOrDefault(ChunkWriter.PROVIDER, Footers.UNKNOWN), written);
    }

    /** What really computes. */
    private static Map<String, String> provider(TaskContext context) {
        return TaskModel.device(context)
                .map(device -> Map.of(
                        ChunkWriter.PROVIDER, device.provider().officialName(), "cloze.device", device.toString()))
                .orElse(Map.of());
    }

    /** The rows of one chunk; fails when their file is not what it was. */
    private static final class ChunkRows implements Iterator<Row> {
        private final Iterator<Row> all;
        private final Chunk chunk;
        private final SourceFile file;
        private final RowPlace place;
        private final TaskContext context = TaskContext.get();
        private long left;

        ChunkRows(Iterator<Row> all, Chunk chunk, SourceFile file, RowPlace place) {
            this.all = all;
            this.chunk = chunk;
            this.file = file;
            this.place = place;
            this.left = chunk.rows();
            for (long i = 0; i < chunk.from() && all.hasNext(); i++) {
                all.next();
            }
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public Row next() {
            context.killTaskIfInterrupted();
            if (!all.hasNext()) {
                throw file.changed();
            }
            long number = chunk.number() + chunk.rows() - left;
            left--;
            Row row = place.write(all.next(), file.path().toString(), number);
            if (left == 0) {
                file.requireSame();
            }
            return row;
        }
    }
}
