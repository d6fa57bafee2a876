package dev.cloze.job.doctor;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The executors of an application.
 *
 * @param spark its context
 */
record Executors(SparkContext spark) {
    private static final long POLL_MILLIS = 200;
    /** When none has come for so long, those that are there are taken for all. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    boolean areThisJvm() {
        return spark.isLocal();
    }

    /** Waits until executors have come and no more come, at most {@code patience}; how many there are. */
    int await(Duration patience) throws InterruptedException {
        Optional<JavaFutureAction<Void>> call = call();
        try {
            return awaitCalled(patience);
        } finally {
            call.ifPresent(tasks -> tasks.cancel(true));
        }
    }

    /** With dynamic allocation executors come only where tasks wait for them. */
    private Optional<JavaFutureAction<Void>> call() {
        if (!spark.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
            return Optional.empty();
        }
        int tasks = spark.defaultParallelism();
        return Optional.of(JavaSparkContext.fromSparkContext(spark)
                .parallelize(Collections.nCopies(tasks, 0), tasks)
                .foreachAsync(any -> {}));
    }

    private int awaitCalled(Duration patience) throws InterruptedException {
        int wanted = spark.conf().getInt("spark.executor.instances", Integer.MAX_VALUE);
        long started = System.nanoTime();
        long changed = started;
        int count = count();
        while (count < wanted && System.nanoTime() - started < patience.toNanos()) {
            if (count > 0 && System.nanoTime() - changed > QUIET.toNanos()) {
                return count;
            }
            Thread.sleep(POLL_MILLIS);
            int now = count();
            if (now != count) {
                count = now;
                changed = System.nanoTime();
            }
        }
        return count;
    }

    private int count() {
        return spark.getExecutorMemoryStatus().size() - 1;
    }
}
