package dev.cloze.job.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts tasks of the session of {@link Runner}, and those that fail, from its making to its end. */
public final class TaskWatch extends SparkListener implements AutoCloseable {
    private final SparkContext spark = Runner.spark().sparkContext();
    private final List<String> reasons = new ArrayList<>();
    private int ended;

    private TaskWatch() {}

    public static TaskWatch watch() {
        TaskWatch watching = new TaskWatch();
        watching.spark.addSparkListener(watching);
        return watching;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        ended++;
        if (!task.taskInfo().successful() || task.taskInfo().attemptNumber() > 0) {
            reasons.add(String.valueOf(task.reason()));
        }
    }

    /** Why tasks failed so far. */
    public List<String> reasons() {
        listen();
        return List.copyOf(reasons);
    }

    /** Tasks that ended so far. */
    public int ended() {
        listen();
        return ended;
    }

    private void listen() {
        try {
            spark.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        spark.removeSparkListener(this);
    }
}
