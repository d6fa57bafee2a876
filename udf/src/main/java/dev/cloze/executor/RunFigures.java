package dev.cloze.executor;

import dev.cloze.scoring.Figure;
import dev.cloze.scoring.Figures;
import dev.cloze.scoring.Meter;
import org.apache.spark.util.AccumulatorV2;

/** Figures of all tasks of a run, added up by Spark: of a task when it ends, and in every heartbeat of its executor before. */
public final class RunFigures extends AccumulatorV2<Figures, Figures> implements Meter {
    private static final long serialVersionUID = 1L;

    private Figures sums = new Figures();

    @Override
    public void add(Figure figure, long amount) {
        sums.add(figure, amount);
    }

    @Override
    public void add(Figures more) {
        sums.add(more);
    }

    @Override
    public void merge(AccumulatorV2<Figures, Figures> other) {
        sums.add(other.value());
    }

    /** A copy: tasks go on counting. */
    @Override
    public Figures value() {
        return sums.copy();
    }

    @Override
    public boolean isZero() {
        return sums.isZero();
    }

    @Override
    public RunFigures copy() {
        RunFigures copy = new RunFigures();
        copy.sums = sums.copy();
        return copy;
    }

    @Override
    public void reset() {
        sums = new Figures();
    }
}
