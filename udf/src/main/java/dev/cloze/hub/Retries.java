package dev.cloze.hub;

import java.time.Duration;

/** Decides whether what failed is tried again, and waits before it is. */
final class Retries {
    private static final int MOST = 5;
    private static final int LONGEST_PAUSE = 8;
    /** A hub counts requests in windows of five minutes. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(6);

    private final Patience patience;
    private final HubRefusal refusal;
    private final ProgressListener listener;
    private int failures;

    Retries(Patience patience, HubRefusal refusal, ProgressListener listener) {
        this.patience = patience;
        this.refusal = refusal;
        this.listener = listener;
    }

    /** Returns when it is time to try again; fails when it was tried often enough, or the hub wants to be left alone for too long. */
    void after(HubFailure failure) {
        Duration wait = failure.pause().orElse(Duration.ofSeconds(Math.min(LONGEST_PAUSE, 1L << failures)));
        if (failures == MOST || wait.compareTo(LONGEST_WAIT) > 0) {
            throw refusal.unreachable(failure.getMessage(), failure);
        }
        failures++;
        listener.endProgress();
        listener.say(refusal.model() + ": " + failure.getMessage() + "; trying again in " + wait.toSeconds() + " s");
        try {
            patience.pause().of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal.unreachable("it was interrupted", e);
        }
    }

    /** Something came that had not come before: what fails from now on fails for the first time. */
    void startAnew() {
        failures = 0;
    }
}
