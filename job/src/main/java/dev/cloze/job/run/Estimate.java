package dev.cloze.job.run;

import java.util.OptionalDouble;

/**
 * What a corpus will take on a cluster, if it is like its sample: a byte of it costs what a byte of the sample did.
 *
 * @param sample a run over some of the corpus
 * @param corpusBytes of the corpus
 * @param rate tokens that a core of the cluster reads in a second; as in the sample when absent
 * @param cores that score at once
 * @param executorCores those of an executor
 */
public record Estimate(SampleRun sample, long corpusBytes, OptionalDouble rate, int cores, int executorCores) {
    private static final double HOUR = 3600;
    /** Spark's own default: results and texts of a task are bounded, whatever the corpus is. */
    private static final long HEAP = 1L << 30;
    /** What ONNX Runtime keeps for the batches of a task. */
    private static final long BATCHES_OF_A_CORE = 1L << 28;

    private double factor() {
        return corpusBytes / (double) sample.bytes();
    }

    public long rows() {
        return Math.round(sample.rows() * factor());
    }

    public long tokens() {
        return Math.round(sample.tokens() * factor());
    }

    /** Hours of one core. */
    public double coreHours() {
        return tokens() / rate.orElseGet(sample::rate) / HOUR;
    }

    /** Hours of all cores together, without starting Spark. */
    public double hours() {
        return coreHours() / cores;
    }

    public int executors() {
        return (cores + executorCores - 1) / executorCores;
    }

    /** Bytes of an executor: its heap, one copy of the model, and what each core's batches take. */
    public long executorMemory() {
        return HEAP + sample.modelBytes() + executorCores * BATCHES_OF_A_CORE;
    }
}
