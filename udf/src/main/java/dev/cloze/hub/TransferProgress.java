package dev.cloze.hub;

import java.util.Locale;

/** Tells now and then how much has come, and how long the rest will take. */
final class TransferProgress {
    private static final double MEGABYTE = 1e6;
    private static final double NANOS = 1e9;
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    private final ProgressListener listener;
    private final long all;
    private final long started = System.nanoTime();
    private long told = started;
    private long there;
    private long come;
    private String file = "";

    /** @param all bytes of all files */
    TransferProgress(long all, ProgressListener listener) {
        this.all = all;
        this.listener = listener;
    }

    /** Begins with another file, of which some bytes are there already. */
    void begin(String name, long bytes) {
        file = name;
        there += bytes;
    }

    /** More bytes have come. */
    void add(long bytes) {
        come += bytes;
        long now = System.nanoTime();
        if (now - told >= listener.pace().toNanos()) {
            told = now;
            listener.progress(line((now - started) / NANOS));
        }
    }

    /** Bytes that were there must come again. */
    void back(long bytes) {
        there -= bytes;
    }

    private String line(double seconds) {
        long done = there + come;
        double rest = (all - done) / Math.max(1, come / seconds);
        return String.format(
                Locale.ROOT,
                "%s: %,.1f of %,.1f MB, %,.1f MB/s, about %s left",
                file,
                done / MEGABYTE,
                all / MEGABYTE,
                come / seconds / MEGABYTE,
                time(rest));
    }

    static String time(double seconds) {
        if (seconds < MINUTE) {
            return Math.round(seconds) + " s";
        }
        return seconds < HOUR
                ? Math.round(seconds / MINUTE) + " min"
                : (long) (seconds / HOUR) + " h " + (long) (seconds % HOUR / MINUTE) + " min";
    }
}
