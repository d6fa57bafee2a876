package dev.cloze.job.input;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Reads several splits in a task. Where every file is a split of its own, a task for each costs more than reading it, when all that is
 * wanted is types or counts.
 */
public final class SplitTasks {
    private static final int TASKS_OF_A_CORE = 4;
    /** A task that fails reads them again. */
    private static final int MOST_SPLITS = 64;

    private SplitTasks() {}

    /** The same rows in fewer partitions, each of which is several of them. */
    public static <T> JavaRDD<T> of(JavaRDD<T> rows) {
        int splits = rows.getNumPartitions();
        int tasks = tasks(splits, rows.context().defaultParallelism());
        return tasks < splits ? rows.coalesce(tasks) : rows;
    }

    static Dataset<Row> of(Dataset<Row> rows) {
        int splits = rows.rdd().getNumPartitions();
        int tasks = tasks(splits, rows.sparkSession().sparkContext().defaultParallelism());
        return tasks < splits ? rows.coalesce(tasks) : rows;
    }

    static int tasks(int splits, int cores) {
        return Math.max(TASKS_OF_A_CORE * cores, splits / MOST_SPLITS);
    }
}
