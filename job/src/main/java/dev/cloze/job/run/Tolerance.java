package dev.cloze.job.run;

import dev.cloze.failure.ClozeException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many rows may fail before a run does.
 *
 * @param text as a user gave it: a number of rows, or a share such as 0.01
 * @param count rows that may fail; any number when it is a share
 * @param share of the rows that may fail, 0 to 1, to the digit that was given
 */
public record Tolerance(String text, long count, BigDecimal share) {

    /** Any number of rows may fail. */
    public static Tolerance any() {
        return new Tolerance("", Long.MAX_VALUE, BigDecimal.ONE);
    }

    /** A number of rows, or a share of them when there is a point in it. */
    public static Tolerance of(String text) {
        BigDecimal value = new BigDecimal(text);
        boolean isShare = text.contains(".");
        if (value.signum() < 0 || isShare && value.compareTo(BigDecimal.ONE) > 0) {
            throw new NumberFormatException(text);
        }
        return isShare
                ? new Tolerance(text, Long.MAX_VALUE, value)
                : new Tolerance(text, Long.parseLong(text), BigDecimal.ONE);
    }

    /** Whether a user said that so many of {@code all} rows may fail. */
    boolean allows(long failed, long all) {
        return !text.isEmpty() && !isExceeded(failed, all);
    }

    private boolean isExceeded(long failed, long all) {
        return failed > count || BigDecimal.valueOf(failed).compareTo(share.multiply(BigDecimal.valueOf(all))) > 0;
    }

    /**
     * Fails when more rows did than may.
     *
     * @param rows number of rows of each status
     * @param corpus counts the rows that could have failed
     */
    void require(Map<String, Long> rows, LongSupplier corpus, String place) {
        long failed = rows.getOrDefault("failed", 0L);
        long all = failed == 0 ? 0 : corpus.getAsLong();
        if (isExceeded(failed, all)) {
            throw ClozeException.corpus(
                    "accept the results",
                    String.format(Locale.ROOT, "%,d of %,d rows failed, --max-bad-rows allows %s", failed, all, text),
                    "look at " + place + ", correct these rows, or run the same command with a higher --max-bad-rows",
                    null);
        }
    }
}
