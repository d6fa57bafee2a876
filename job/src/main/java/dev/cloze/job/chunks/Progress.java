package dev.cloze.job.chunks;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells now and then how many chunks are scored, and how long the others will take. */
final class Progress {
    private static final long EVERY_SECONDS = 20;
    private static final double MINUTE = 60;

    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cloze-progress");
        thread.setDaemon(true);
        return thread;
    });

    private Progress() {}

    /**
     * Begins to tell.
     *
     * @param all chunks to be scored
     * @param done how many of them are
     */
    static Progress of(int all, LongSupplier done, Consumer<String> listener) {
        Progress progress = new Progress();
        long started = System.nanoTime();
        progress.teller.scheduleWithFixedDelay(
                () -> listener.accept(line(all, done.getAsLong(), (System.nanoTime() - started) / 1e9)),
                EVERY_SECONDS,
                EVERY_SECONDS,
                TimeUnit.SECONDS);
        return progress;
    }

    static String line(int all, long done, double seconds) {
        String line = done + " of " + all + " chunks scored";
        if (done == 0) {
            return line;
        }
        double left = seconds / done * (all - done);
        return left < MINUTE
                ? String.format(Locale.ROOT, "%s, about %.0f s left", line, left)
                : String.format(Locale.ROOT, "%s, about %.0f min left", line, left / MINUTE);
    }

    /** Ends telling. */
    void close() {
        teller.shutdownNow();
    }
}
