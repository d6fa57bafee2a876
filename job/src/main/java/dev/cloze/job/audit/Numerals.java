package dev.cloze.job.audit;

import java.util.Locale;

/** Numbers as people read them. */
final class Numerals {
    private static final int LARGE = 1_000;

    private Numerals() {}

    /** A share in percent, without the sign: two digits at least where it is small. */
    static String percent(double share) {
        double percent = 100 * share;
        return percent >= 10 || percent == 0
                ? format("%.0f", percent)
                : format(percent >= 0.1 ? "%.1f" : "%.2g", percent);
    }

    /** A figure of any rule. */
    static String figure(double number) {
        return format(Math.abs(number) >= LARGE ? "%,.0f" : "%.4f", number);
    }

    /** Nats. */
    static String nats(double number) {
        return format("%.3f", number);
    }

    static String probability(double number) {
        return format("%.2g", number);
    }

    static String count(long number) {
        return format("%,d", number);
    }

    static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
