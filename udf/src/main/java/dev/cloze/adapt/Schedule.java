package dev.cloze.adapt;

/**
 * How the learning rate changes from step to step, as transformers' schedules of the same names do: it rises from 0 over the steps of
 * the warm-up, and falls to 0 at the end.
 *
 * @param decay how it falls
 * @param warmup steps over which it rises
 * @param steps of the whole training
 */
public record Schedule(Decay decay, long warmup, long steps) {
    /** How the learning rate falls. */
    public enum Decay {
        LINEAR,
        COSINE
    }

    /** What the learning rate of step {@code step}, counted from 0, is multiplied by. */
    double factor(long step) {
        if (step < warmup) {
            return (double) step / Math.max(1, warmup);
        }
        double progress = (double) (step - warmup) / Math.max(1, steps - warmup);
        return switch (decay) {
            case LINEAR -> Math.max(0, 1 - progress);
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
        };
    }
}
