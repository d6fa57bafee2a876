package dev.cloze.corpus;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How numbers are distributed, remembered so that parts add up in any order to the very same: up to {@value #EXACT} numbers each
 * for itself, more than that as counts of steps {@value #STEP} wide.
 *
 * <p>The sketches of Apache DataSketches would remember less, but what they forget is drawn at random (KLL) or depends on the
 * order (t-digest): the same corpus scored twice would have two medians.
 */
final class Quantiles {
    private static final int EXACT = 1024;
    /** Of nats: a perplexity that is read off is within 0.05 %. */
    private static final double STEP = 0.001;

    private double[] exact = new double[0];
    private final TreeMap<Long, Long> steps = new TreeMap<>();
    private long count;

    static Quantiles of(byte[] bytes) {
        Quantiles quantiles = new Quantiles();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int single = buffer.getInt();
        for (int i = 0; i < single; i++) {
            quantiles.add(buffer.getDouble());
        }
        while (buffer.hasRemaining()) {
            quantiles.addStep(buffer.getLong(), buffer.getLong());
        }
        return quantiles;
    }

    /** Number of single values, these, then steps and their counts. */
    byte[] bytes() {
        ByteBuffer buffer =
                ByteBuffer.allocate(Integer.BYTES + exact.length * Double.BYTES + steps.size() * 2 * Long.BYTES);
        buffer.putInt(exact.length);
        for (double value : exact) {
            buffer.putDouble(value);
        }
        steps.forEach((step, number) -> buffer.putLong(step).putLong(number));
        return buffer.array();
    }

    void add(double value) {
        if (steps.isEmpty() && exact.length < EXACT) {
            int at = Arrays.binarySearch(exact, value);
            int place = at < 0 ? -at - 1 : at;
            double[] longer = new double[exact.length + 1];
            System.arraycopy(exact, 0, longer, 0, place);
            longer[place] = value;
            System.arraycopy(exact, place, longer, place + 1, exact.length - place);
            exact = longer;
            count++;
        } else {
            addStep((long) Math.floor(value / STEP), 1);
        }
    }

    private void addStep(long step, long number) {
        double[] single = exact;
        exact = new double[0];
        for (double value : single) {
            steps.merge((long) Math.floor(value / STEP), 1L, Long::sum);
        }
        steps.merge(step, number, Long::sum);
        count += number;
    }

    void merge(Quantiles other) {
        for (double value : other.exact) {
            add(value);
        }
        other.steps.forEach(this::addStep);
    }

    /** The smallest number that {@code share} of all do not exceed. */
    double at(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * count - 1e-9));
        if (steps.isEmpty()) {
            return exact[(int) wanted - 1];
        }
        long seen = 0;
        for (Map.Entry<Long, Long> step : steps.entrySet()) {
            seen += step.getValue();
            if (seen >= wanted) {
                return (step.getKey() + 0.5) * STEP;
            }
        }
        throw new IllegalStateException("No number in an empty distribution");
    }

    /** The share of the numbers that are at most {@code value}; of numbers in steps, those of its own step count. */
    double shareUpTo(double value) {
        long below = steps.isEmpty()
                ? Arrays.stream(exact).filter(number -> number <= value).count()
                : steps.headMap((long) Math.floor(value / STEP), true).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
        return (double) below / count;
    }
}
