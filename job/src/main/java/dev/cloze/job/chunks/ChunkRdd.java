package dev.cloze.job.chunks;

import dev.cloze.executor.TaskModel;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
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

/** One task for each chunk: reads its rows, scores them, writes them; the result is what kept it from reading them, if anything. */
final class ChunkRdd extends RDD<Unread> {
    private static final long serialVersionUID = 1L;

    private final RDD<Row> rows;
    private final List<Chunk> chunks;
    private final MapPartitionsFunction<Row, Row> scorer;
    private final ChunkWriter writer;
    private final RowPlace place;
    private final LongAccumulator scored;
    private final int attempts;

    /**
     * @param rows come straight from files, so that a task computes a partition without any other
     * @param place is written into each row
     * @param scored counts the rows that are durable
     */
    ChunkRdd(
            RDD<Row> rows,
            List<Chunk> chunks,
            MapPartitionsFunction<Row, Row> scorer,
            ChunkWriter writer,
            RowPlace place,
            LongAccumulator scored) {
        super(
                rows.sparkContext(),
                CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of())
                        .toList(),
                ClassTag$.MODULE$.apply(Unread.class));
        this.rows = rows;
        this.chunks = chunks;
        this.scorer = scorer;
        this.writer = writer;
        this.place = place;
        this.scored = scored;
        this.attempts = attempts(rows.sparkContext());
    }

    /** How often Spark tries a task. */
    private static int attempts(SparkContext spark) {
        return spark.taskScheduler() instanceof TaskSchedulerImpl scheduler ? scheduler.maxTaskFailures() : 1;
    }

    /** A chunk as a partition; the one of the file is read within it. */
    private record Task(int index, Chunk chunk, Partition source) implements Partition {
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
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = new Task(i, chunks.get(i), sources[chunks.get(i).partition()]);
        }
        return tasks;
    }

    @Override
    public scala.collection.immutable.Seq<String> getPreferredLocations(Partition partition) {
        return rows.preferredLocations(((Task) partition).source);
    }

    @Override
    public scala.collection.Iterator<Unread> compute(Partition partition, TaskContext context) {
        Task task = (Task) partition;
        return CollectionConverters.asScala(unread(task, context).stream().iterator());
    }

    /** Scores the chunk; a file that cannot be read at the last attempt costs no chunk of any other. */
    private Optional<Unread> unread(Task task, TaskContext context) {
        SourceFile file = SourceFile.of(task.source, writer.configuration());
        try {
            score(
                    task.chunk,
                    new ChunkRows(
                            CollectionConverters.asJava(rows.iterator(task.source, context)), task.chunk, file, place),
                    context);
            return Optional.empty();
        } catch (IOException | FSError e) {
            throw ClozeException.resources(
                    "write " + writer.place(task.chunk.file()),
                    Causes.root(e),
                    "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                    e);
        } catch (Exception e) {
            // A task that is killed cannot read either.
            context.killTaskIfInterrupted();
            Optional<Unread> unread = file.unread(e).filter(any -> context.attemptNumber() + 1 >= attempts);
            if (unread.isEmpty() && e instanceof RuntimeException failure) {
                throw failure;
            }
            return Optional.of(unread.orElseThrow(() -> new IllegalStateException(e)));
        }
    }

    private void score(Chunk chunk, ChunkRows mine, TaskContext context) throws Exception {
        String attempt = context.taskAttemptId() + "." + System.nanoTime();
        writer.write(chunk.file(), attempt, scorer.call(mine), provider(context));
        scored.add(chunk.rows());
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
