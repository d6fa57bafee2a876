package dev.cloze.job.chunks;

import dev.cloze.executor.TaskModel;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** One task for each chunk: reads its rows, scores them, writes them; the result is the chunk's file name. */
final class ChunkRdd extends RDD<String> {
    private static final long serialVersionUID = 1L;

    private final RDD<Row> rows;
    private final List<Chunk> chunks;
    private final MapPartitionsFunction<Row, Row> scorer;
    private final ChunkWriter writer;
    private final LongAccumulator scored;

    /**
     * @param rows come straight from files, so that a task computes a partition without any other
     * @param scored counts the chunks that are durable
     */
    ChunkRdd(
            RDD<Row> rows,
            List<Chunk> chunks,
            MapPartitionsFunction<Row, Row> scorer,
            ChunkWriter writer,
            LongAccumulator scored) {
        super(
                rows.sparkContext(),
                CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of())
                        .toList(),
                ClassTag$.MODULE$.apply(String.class));
        this.rows = rows;
        this.chunks = chunks;
        this.scorer = scorer;
        this.writer = writer;
        this.scored = scored;
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
    public scala.collection.Iterator<String> compute(Partition partition, TaskContext context) {
        Task task = (Task) partition;
        Chunk chunk = task.chunk;
        try {
            Some mine = new Some(CollectionConverters.asJava(rows.iterator(task.source, context)), chunk, context);
            String attempt = context.taskAttemptId() + "." + System.nanoTime();
            Iterator<Row> results = scorer.call(mine);
            writer.write(chunk.file(), attempt, results, provider(context));
            scored.add(1);
            return CollectionConverters.asScala(List.of(chunk.file()).iterator());
        } catch (IOException | FSError e) {
            throw ClozeException.resources(
                    "write " + writer.place(chunk.file()),
                    Causes.root(e),
                    "check --output, its permissions and room, and run the same command again: chunks that are there stay",
                    e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What really computes. */
    private static Map<String, String> provider(TaskContext context) {
        return TaskModel.device(context)
                .map(device -> Map.of(
                        ChunkWriter.PROVIDER, device.provider().officialName(), "cloze.device", device.toString()))
                .orElse(Map.of());
    }

    /** The rows of one chunk; fails when there are fewer than planned, because then the file is not what it was. */
    private static final class Some implements Iterator<Row> {
        private final Iterator<Row> all;
        private final TaskContext context;
        private long left;

        Some(Iterator<Row> all, Chunk chunk, TaskContext context) {
            this.all = all;
            this.context = context;
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
                throw new IllegalStateException(
                        "the corpus changed while it was scored: " + left + " rows are missing");
            }
            left--;
            return all.next();
        }
    }
}
