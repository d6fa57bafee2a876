package dev.cloze.executor;

import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;
import org.apache.spark.util.AccumulatorV2;

/** Metrics of all tasks of a run, added up by Spark: of a task when it ends, and in every heartbeat of its executor before. */
public final class RunMetrics extends AccumulatorV2<Metrics, Metrics> implements Meter {
    private static final long serialVersionUID = 1L;

    private Metrics sums = new Metrics();

    @Override
    public void add(Metric metric, long amount) {
        sums.add(metric, amount);
    }

    @Override
    public void add(Metrics more) {
        sums.add(more);
    }

    @Override
    public void merge(AccumulatorV2<Metrics, Metrics> other) {
        sums.add(other.value());
    }

    /** A copy: tasks keep counting. */
    @Override
    public Metrics value() {
        return sums.copy();
    }

    @Override
    public boolean isZero() {
        return sums.isZero();
    }

    @Override
    public RunMetrics copy() {
        RunMetrics copy = new RunMetrics();
        copy.sums = sums.copy();
        return copy;
    }

    @Override
    public void reset() {
        sums = new Metrics();
    }
}
