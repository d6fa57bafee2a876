package dev.cloze.job.chunks;

import dev.cloze.executor.RunMetrics;
import dev.cloze.scoring.Metrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** What a run has scored so far: by tasks that ended, and by those that run, as the heartbeats of their executors tell. */
public final class LiveMetrics {
    /** As Spark's pages show them. */
    private static final String NAME = "cloze";

    private final SparkContext spark;
    private final RunMetrics metrics = new RunMetrics();
    private final Heard heard = new Heard();

    private LiveMetrics(SparkContext spark) {
        this.spark = spark;
    }

    public static LiveMetrics of(SparkContext spark) {
        LiveMetrics live = new LiveMetrics(spark);
        spark.register(live.metrics, NAME);
        return live;
    }

    /** What tasks count with. */
    public RunMetrics counting() {
        return metrics;
    }

    /**
     * Does {@code work}, and tells meanwhile how far it is.
     *
     * @param all rows to be scored, where that is known
     */
    public <T> T reporting(OptionalLong all, RunListener listener, Supplier<T> work) {
        spark.addSparkListener(heard);
        try {
            return Progress.ofRows(all, heard::sum, listener).during(work::get);
        } finally {
            spark.removeSparkListener(heard);
        }
    }

    /** Of all tasks that ended well. */
    public Metrics total() {
        return metrics.value();
    }

    private final class Heard extends SparkListener {
        private final Metrics ended = new Metrics();
        private final Map<Long, Metrics> running = new HashMap<>();

        private synchronized Metrics sum() {
            Metrics sum = ended.copy();
            running.values().forEach(sum::add);
            return sum;
        }

        @Override
        public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
            CollectionConverters.asJava(update.accumUpdates())
                    .forEach(task -> mine(task._4()).ifPresent(mine -> running.put((Long) task._1(), mine)));
        }

        @Override
        public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
            running.remove(end.taskInfo().taskId());
            if (end.reason() == Success$.MODULE$) {
                mine(end.taskInfo().accumulables()).ifPresent(ended::add);
            }
        }

        private Optional<Metrics> mine(Seq<AccumulableInfo> all) {
            return CollectionConverters.asJava(all).stream()
                    .filter(info -> info.id() == metrics.id())
                    .flatMap(info -> OptionConverters.toJava(info.update()).stream())
                    .filter(Metrics.class::isInstance)
                    .map(Metrics.class::cast)
                    .findFirst();
        }
    }
}
