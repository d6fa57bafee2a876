package dev.cloze.job;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts tasks of the session of {@link Runner} that fail, from its making to its end. */
final class FailedTasks extends SparkListener implements AutoCloseable {
    private final SparkContext spark = Runner.spark().sparkContext();
    private final List<String> reasons = new ArrayList<>();

    private FailedTasks() {}

    static FailedTasks watch() {
        FailedTasks watching = new FailedTasks();
        watching.spark.addSparkListener(watching);
        return watching;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (!task.taskInfo().successful() || task.taskInfo().attemptNumber() > 0) {
            reasons.add(String.valueOf(task.reason()));
        }
    }

    /** Why tasks failed so far. */
    List<String> reasons() {
        try {
            spark.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
        return List.copyOf(reasons);
    }

    @Override
    public void close() {
        spark.removeSparkListener(this);
    }
}
