package dev.cloze.job.records;

import java.math.BigDecimal;

/** Whether a number of JSON has the same digits after it was stored. */
final class Digits {
    /** Longer ones have more digits than a double keeps, whatever they are. */
    private static final int LONG = 400;

    private Digits() {}

    static boolean fitLong(String number) {
        try {
            return Long.toString(Long.parseLong(number)).equals(number);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static boolean fitDouble(String number) {
        if (number.length() > LONG) {
            return false;
        }
        try {
            double stored = Double.parseDouble(number);
            // NaN and the infinities, where a user allows them.
            boolean isWord = Character.isLetter(number.charAt(number.length() - 1));
            return isWord
                    || Double.isFinite(stored)
                            && new BigDecimal(Double.toString(stored)).compareTo(new BigDecimal(number)) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
