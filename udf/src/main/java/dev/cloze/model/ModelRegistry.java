package dev.cloze.model;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open model per JVM and device, shared by all tasks. A model opens with its first lease; it closes when no lease has been held
 * for a while, so that the next stage of a job finds it still open.
 */
public final class ModelRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);
    private static final long MILLION = 1_000_000;

    /** Longer than the pause between two stages, shorter than anybody's wish for the memory back. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final ModelRegistry SHARED = new ModelRegistry(LanguageModel::open, IDLE);

    private final Function<LocalModel, LanguageModel> opener;
    private final Duration idle;
    private final Map<LocalModel, OpenModel> entries = new HashMap<>();
    private final ScheduledExecutorService closer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cloze-model-closer");
        thread.setDaemon(true);
        return thread;
    });
    private long opened;

    ModelRegistry(Function<LocalModel, LanguageModel> opener, Duration idle) {
        this.opener = opener;
        this.idle = idle;
    }

    /** The registry of this JVM. */
    public static ModelRegistry shared() {
        return SHARED;
    }

    /** Borrows the model; whoever borrows must close the lease. */
    public synchronized Lease lease(LocalModel wanted) {
        OpenModel entry = entries.get(wanted);
        if (entry == null) {
            // Under the lock on purpose: the tasks of an executor start together, and one opening serves them all.
            long started = System.nanoTime();
            entry = new OpenModel(opener.apply(wanted));
            entries.put(wanted, entry);
            opened++;
            LOG.info("Opened model {} in {} ms", wanted, (System.nanoTime() - started) / MILLION);
        }
        entry.holders++;
        if (entry.closing != null) {
            entry.closing.cancel(false);
            entry.closing = null;
        }
        return new Lease(wanted, entry);
    }

    /** Models open now. */
    public synchronized int open() {
        return entries.size();
    }

    /** Models opened since the JVM started. */
    public synchronized long opened() {
        return opened;
    }

    /** Leases held now. */
    public synchronized int leases() {
        return entries.values().stream().mapToInt(entry -> entry.holders).sum();
    }

    private synchronized void release(LocalModel wanted, OpenModel entry) {
        entry.holders--;
        if (entry.holders == 0) {
            entry.closing = closer.schedule(() -> closeIdle(wanted, entry), idle.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void closeIdle(LocalModel wanted, OpenModel entry) {
        if (entry.holders == 0 && entries.remove(wanted, entry)) {
            entry.model.close();
            LOG.info("Closed model {} after it was idle", wanted.directory());
        }
    }

    private static final class OpenModel {
        private final LanguageModel model;
        private int holders;
        private ScheduledFuture<?> closing;

        OpenModel(LanguageModel model) {
            this.model = model;
        }
    }

    /** The right to use an open model; closing it twice does no harm. */
    public final class Lease implements AutoCloseable {
        private final LocalModel wanted;
        private final OpenModel entry;
        private boolean returned;

        private Lease(LocalModel wanted, OpenModel entry) {
            this.wanted = wanted;
            this.entry = entry;
        }

        public LanguageModel model() {
            return entry.model;
        }

        @Override
        public void close() {
            synchronized (ModelRegistry.this) {
                if (!returned) {
                    returned = true;
                    release(wanted, entry);
                }
            }
        }
    }
}
