package dev.cloze.job.chunks;

import dev.cloze.executor.PartRow;
import dev.cloze.job.plan.Chunk;
import dev.cloze.job.plan.RowPlace;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** The rows of the chunks of a task, one chunk after another; fails when a file of them is not what it was. */
final class GroupRows implements Iterator<PartRow> {
    /**
     * A chunk, and where it is read.
     *
     * @param source the partition of the file that it lies in
     * @param sent how many of its first results are returned to the driver
     */
    record Part(Chunk chunk, Partition source, int sent) implements Serializable {}

    private final RDD<Row> rows;
    private final List<Part> parts;
    private final RowPlace place;
    private final Configuration hadoop;
    private final TaskContext context;

    private int next;
    private Iterator<Row> all;
    /** The row of the split that {@link #all} gives next. */
    private long position;

    private long left;
    private SourceFile file;

    /** @param place is written into each row */
    GroupRows(RDD<Row> rows, List<Part> parts, RowPlace place, Configuration hadoop, TaskContext context) {
        this.rows = rows;
        this.parts = parts;
        this.place = place;
        this.hadoop = hadoop;
        this.context = context;
    }

    /** Which part is being read. */
    int part() {
        return Math.max(0, next - 1);
    }

    /** The file of that part. */
    SourceFile file() {
        return SourceFile.of(parts.get(part()).source, hadoop);
    }

    @Override
    public boolean hasNext() {
        while (left == 0 && next < parts.size()) {
            next++;
            begin(parts.get(part()));
        }
        return left > 0;
    }

    private void begin(Part part) {
        Chunk chunk = part.chunk;
        file = SourceFile.of(part.source, hadoop);
        left = chunk.rows();
        if (!isContinued(chunk)) {
            all = CollectionConverters.asJava(rows.iterator(part.source, context));
            position = 0;
        }
        while (position < chunk.from() && all.hasNext()) {
            all.next();
            position++;
        }
    }

    /** Whether {@code chunk} lies in the split that is open, behind what was read of it. */
    private boolean isContinued(Chunk chunk) {
        return part() > 0 && parts.get(part() - 1).chunk.partition() == chunk.partition() && position <= chunk.from();
    }

    @Override
    public PartRow next() {
        context.killTaskIfInterrupted();
        if (!hasNext() || !all.hasNext()) {
            throw file.changed();
        }
        Chunk chunk = parts.get(part()).chunk;
        long number = chunk.number() + chunk.rows() - left;
        Row row = place.write(all.next(), file.path().toString(), number);
        position++;
        left--;
        if (left == 0) {
            end();
        }
        return new PartRow(part(), row);
    }

    private void end() {
        // Readers of Spark close a file when they are asked for a row after the last one.
        if (isLastOfItsSplit() && !all.hasNext()) {
            all = Collections.emptyIterator();
        }
        file.requireSame();
    }

    /** Whether no further chunk of the task lies in the split that is open. */
    private boolean isLastOfItsSplit() {
        return next == parts.size()
                || parts.get(next).chunk.partition() != parts.get(part()).chunk.partition();
    }
}
