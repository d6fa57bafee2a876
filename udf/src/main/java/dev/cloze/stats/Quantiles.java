package dev.cloze.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

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

    /** What {@link #bytes} wrote; fails with the reason when it did not write these. */
    static Quantiles of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int single = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
        if (single < 0 || single > EXACT || single > buffer.remaining() / Double.BYTES) {
            throw new IllegalArgumentException("its distribution is cut off or damaged");
        }
        Quantiles quantiles = new Quantiles();
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < single; i++) {
            double value = buffer.getDouble();
            require(Double.isFinite(value) && value >= before, "values that are no numbers or out of order");
            quantiles.add(value);
            before = value;
        }
        require(buffer.remaining() % (2 * Long.BYTES) == 0, "a step that is cut off");
        require(single == 0 || !buffer.hasRemaining(), "values beside steps");
        while (buffer.hasRemaining()) {
            long step = buffer.getLong();
            long number = buffer.getLong();
            boolean follows = quantiles.steps.isEmpty() || step > quantiles.steps.lastKey();
            require(follows && number > 0 && number <= Long.MAX_VALUE - quantiles.count, "counts that are impossible");
            quantiles.addStep(step, number);
        }
        return quantiles;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("its distribution has " + otherwise);
        }
    }

    /** Fails unless these are so many numbers, of which {@code lowest} and {@code highest} are the outermost. */
    void requireOf(long documents, double lowest, double highest) {
        require(count == documents, count + " documents, its sums have " + documents);
        if (count > 0) {
            boolean ends = steps.isEmpty()
                    ? exact[0] == lowest && exact[exact.length - 1] == highest
                    : steps.firstKey() == step(lowest) && steps.lastKey() == step(highest);
            require(ends, "other extremes than its sums");
        }
    }

    private static long step(double value) {
        return (long) Math.floor(value / STEP);
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
            addStep(step(value), 1);
        }
    }

    private void addStep(long step, long number) {
        double[] single = exact;
        exact = new double[0];
        for (double value : single) {
            steps.merge(step(value), 1L, Long::sum);
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

    /** The smallest number that {@code share} of all do not exceed: the inverted distribution function. */
    double at(double share) {
        return ranked(Math.max(1, (long) Math.ceil(share * count - 1e-9)));
    }

    /**
     * The percentile of the {@code values} of all numbers, interpolated linearly between neighbours as NumPy does by default.
     *
     * @param values never falls where the number rises
     */
    double percentile(double share, DoubleUnaryOperator values) {
        double place = (count - 1) * share;
        long below = (long) Math.floor(place);
        double fraction = place - below;
        double low = values.applyAsDouble(ranked(below + 1));
        if (fraction == 0) {
            return low;
        }
        double high = values.applyAsDouble(ranked(below + 2));
        if (low == high) {
            // Also of two infinite perplexities, whose distance is no number.
            return low;
        }
        double distance = high - low;
        return fraction < 0.5 ? low + distance * fraction : high - distance * (1 - fraction);
    }

    /** The number that is in place {@code rank}, from 1, when all stand in their order. */
    private double ranked(long rank) {
        if (steps.isEmpty()) {
            return exact[(int) rank - 1];
        }
        long seen = 0;
        for (Map.Entry<Long, Long> step : steps.entrySet()) {
            seen += step.getValue();
            if (seen >= rank) {
                return (step.getKey() + 0.5) * STEP;
            }
        }
        throw new IllegalStateException("No number in an empty distribution");
    }

    /** The share of the numbers that are at most {@code value}; of numbers in steps, those of its own step count. */
    double shareUpTo(double value) {
        long below = steps.isEmpty()
                ? Arrays.stream(exact).filter(number -> number <= value).count()
                : steps.headMap(step(value), true).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
        return (double) below / count;
    }
}
