package dev.cloze.job.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An axis between round numbers.
 *
 * @param low its first tick
 * @param step between ticks
 * @param ticks how many there are
 */
record Scale(double low, double step, int ticks) {
    private static final double[] ROUND = {1, 2, 2.5, 5, 10, 20};
    private static final int THOUSAND = 1_000;
    private static final double ALMOST = 1e-9;

    /** The axis with at most {@code most} steps on which all values from {@code low} to {@code high} have a place. */
    static Scale of(double low, double high, int most) {
        double width = high > low ? high - low : Math.max(Math.abs(high), 1) / THOUSAND;
        double power = Math.pow(10, Math.floor(Math.log10(width / most)));
        for (double round : ROUND) {
            double step = round * power;
            double first = Math.floor(low / step + ALMOST);
            double last = Math.max(Math.ceil(high / step - ALMOST), first + 1);
            if (last - first <= most) {
                return new Scale(first * step, step, (int) (last - first) + 1);
            }
        }
        throw new IllegalStateException("no axis from " + low + " to " + high);
    }

    double high() {
        return low + step * (ticks - 1);
    }

    /** Where {@code value} lies between 0 and 1; values beyond the axis lie at its ends. */
    double place(double value) {
        return Math.max(0, Math.min(1, (value - low) / (high() - low)));
    }

    /** The ticks as they are written, the lowest first. */
    List<String> labels() {
        int decimals = 0;
        double rest = step;
        while (Math.abs(rest - Math.rint(rest)) > ALMOST * Math.max(1, rest) && decimals < 6) {
            rest *= 10;
            decimals++;
        }
        String format = "%,." + decimals + "f";
        return IntStream.range(0, ticks)
                .mapToObj(i -> String.format(Locale.ROOT, format, low + step * i + 0.0))
                .toList();
    }
}
