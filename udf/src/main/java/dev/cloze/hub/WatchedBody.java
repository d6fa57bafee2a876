package dev.cloze.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The body of an answer, whose reader is not left waiting for ever: it fails when too little of it comes. */
final class WatchedBody extends FilterInputStream {
    /** Bytes that must come within the time: far less than the slowest line has. */
    private static final long LEAST = 1024;

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cloze-hub-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration time;
    private final ScheduledFuture<?> watch;
    private volatile long bytes;
    private volatile boolean isTooSlow;
    private long before;

    WatchedBody(InputStream in, Duration time) {
        super(in);
        this.time = time;
        this.watch = WATCH.scheduleAtFixedRate(this::look, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (bytes - before < LEAST) {
            isTooSlow = true;
            closeQuietly();
        }
        before = bytes;
    }

    /** Ends a read that waits. */
    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException e) {
            // The reader gets an exception which says that the body was too slow.
            watch.cancel(false);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(target, offset, length);
        } catch (IOException e) {
            throw isTooSlow ? tooSlow() : new HubFailure("its answer broke off: " + e.getMessage(), e);
        }
        if (isTooSlow) {
            throw tooSlow();
        }
        bytes += Math.max(0, read);
        return read;
    }

    private HubFailure tooSlow() {
        return new HubFailure("less than " + LEAST + " bytes came within " + Math.max(1, time.toSeconds()) + " s");
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        super.close();
    }
}
