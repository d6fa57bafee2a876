package dev.cloze.job.chunks;

import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/** Tells now and then how far something is, and how long it will take. */
public final class Progress {
    private static final double MINUTE = 60;
    private static final long HOUR = 60;
    /** Slower than this, a decimal of the rows a second says something. */
    private static final double SLOW = 10;
    /** Slower than this, nothing can be said of it. */
    private static final double SLOWEST = 0.05;

    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cloze-progress");
        thread.setDaemon(true);
        return thread;
    });
    private final RunListener listener;

    private Progress(RunListener listener) {
        this.listener = listener;
    }

    /**
     * Begins to tell of rows.
     *
     * @param all rows to be scored, where that is known
     * @param done what was scored so far
     */
    public static Progress ofRows(OptionalLong all, Supplier<Metrics> done, RunListener listener) {
        return of(seconds -> line(all, done.get(), seconds), listener);
    }

    /**
     * Begins to tell.
     *
     * @param line what to say after so many seconds
     */
    static Progress of(DoubleFunction<String> line, RunListener listener) {
        Progress progress = new Progress(listener);
        long started = System.nanoTime();
        long pace = listener.pace().toMillis();
        progress.teller.scheduleWithFixedDelay(
                () -> listener.progress(line.apply((System.nanoTime() - started) / 1e9)),
                pace,
                pace,
                TimeUnit.MILLISECONDS);
        return progress;
    }

    private static String line(OptionalLong all, Metrics done, double seconds) {
        // Rows of a task that begins again, because a file cannot be read, are counted twice.
        long rows = Math.min(done.of(Metric.ROWS), all.orElse(Long.MAX_VALUE));
        return line(all, rows, done.of(Metric.TOKENS), seconds);
    }

    static String line(OptionalLong all, long done, long tokens, double seconds) {
        String rows = all.isPresent()
                ? String.format(Locale.ROOT, "%,d of %,d rows", done, all.getAsLong())
                : String.format(Locale.ROOT, done == 1 ? "%,d row" : "%,d rows", done);
        double speed = done / seconds;
        if (speed < SLOWEST) {
            return rows + ", " + time(seconds);
        }
        String line = String.format(
                Locale.ROOT,
                speed < SLOW ? "%s, %.1f rows/s, %,.0f tokens/s" : "%s, %,.0f rows/s, %,.0f tokens/s",
                rows,
                speed,
                tokens / seconds);
        return all.isPresent()
                ? line + ", about " + time((all.getAsLong() - done) / speed) + " left"
                : line + ", " + time(seconds);
    }

    static String time(double seconds) {
        long rounded = Math.round(seconds);
        if (rounded < MINUTE) {
            return rounded + " s";
        }
        long minutes = Math.round(seconds / MINUTE);
        return minutes < HOUR ? minutes + " min" : minutes / HOUR + " h " + minutes % HOUR + " min";
    }

    /** What is done meanwhile. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Does {@code work}, tells of it meanwhile, and ends telling. */
    public <T, E extends Exception> T during(Work<T, E> work) throws E {
        try {
            return work.run();
        } finally {
            close();
        }
    }

    private void close() {
        teller.shutdownNow();
        try {
            teller.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.endProgress();
    }
}
