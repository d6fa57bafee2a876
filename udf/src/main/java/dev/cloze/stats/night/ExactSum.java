package dev.cloze.stats.night;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A sum of doubles that does not depend on the order of what is added: it is kept without any rounding, as parts that do not overlap, and
 * rounded once, when it is asked for (J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997; the same as {@code
 * math.fsum} of Python). Equal documents therefore have equal sums to the last digit, in whatever order a cluster adds them up.
 */
final class ExactSum implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int USUAL_PARTS = 4;

    /** The smallest part first. */
    private double[] parts = new double[USUAL_PARTS];

    private int size;

    /** Adds a finite number. */
    void add(double number) {
        double rest = number;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            double large = Math.abs(rest) < Math.abs(parts[i]) ? parts[i] : rest;
            double small = Math.abs(rest) < Math.abs(parts[i]) ? rest : parts[i];
            double sum = large + small;
            double lost = small - (sum - large);
            if (lost != 0) {
                parts[kept++] = lost;
            }
            rest = sum;
        }
        if (kept == parts.length) {
            parts = Arrays.copyOf(parts, 2 * kept);
        }
        parts[kept] = rest;
        size = kept + 1;
    }

    void add(ExactSum other) {
        for (int i = 0; i < other.size; i++) {
            add(other.parts[i]);
        }
    }

    /** The double that is nearest to the sum, the even one of two. */
    double value() {
        if (size == 0) {
            return 0;
        }
        int below = size - 1;
        double sum = parts[below];
        double lost = 0;
        while (below > 0 && lost == 0) {
            double before = sum;
            sum = before + parts[--below];
            lost = parts[below] - (sum - before);
        }
        return below > 0 ? roundedBy(sum, lost, parts[below - 1]) : sum;
    }

    /** A rest of just half a digit was rounded to the even side; what lies below it decides. */
    private static double roundedBy(double sum, double lost, double below) {
        double twice = 2 * lost;
        double other = sum + twice;
        boolean isHalf = twice == other - sum;
        return isHalf && Math.signum(lost) == Math.signum(below) ? other : sum;
    }
}
