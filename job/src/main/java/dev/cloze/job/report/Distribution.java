package dev.cloze.job.report;

import dev.cloze.stats.night.Histogram;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * Documents by their cross-entropy: tonight's as bars, those of the nights before, as many, as a line. The picture is 560 wide and 100 high.
 *
 * @param caption what it shows
 * @param xs labels of the horizontal axis, nats
 * @param bars tonight's documents, a path
 * @param hard those bars that are harder than 99 of 100 documents used to be
 * @param before the nights before, a path; empty where there are none
 */
public record Distribution(String caption, List<String> xs, String bars, String hard, String before) {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 100;
    private static final int STEPS = 6;
    private static final int BARS = 36;
    private static final long PER_MILLE = 1_000;
    private static final long LAST_PER_MILLE = 998;
    private static final long PERCENT = 100;
    private static final long TAIL = 99;

    /** The distributions of {@code tonight}, which has documents, and of the nights {@code before}. */
    public static Distribution of(String caption, Histogram tonight, Histogram before) {
        Histogram both = tonight.plus(before);
        int lowest = Math.max(0, both.border(PER_MILLE - LAST_PER_MILLE, PER_MILLE));
        int highest = Math.max(tonight.border(LAST_PER_MILLE, PER_MILLE), before.border(LAST_PER_MILLE, PER_MILLE)) + 1;
        Scale scale = Scale.of(lowest * Histogram.WIDTH, highest * Histogram.WIDTH, STEPS);
        int bins = (int) Math.round((scale.high() - scale.low()) / Histogram.WIDTH);
        Bars bars = new Bars((int) Math.round(scale.low() / Histogram.WIDTH), Math.max(1, bins / BARS), bins);
        double share = before.total() == 0 ? 0 : (double) tonight.total() / before.total();
        double most = Math.max(bars.most(tonight, 1), bars.most(before, share));
        int hard = before.total() == 0 ? bars.end() : before.border(TAIL, PERCENT) + 1;
        return new Distribution(
                caption,
                scale.labels(),
                bars.path(bin -> bin < hard ? bars.count(tonight, bin) / most : 0),
                bars.path(bin -> bin < hard ? 0 : bars.count(tonight, bin) / most),
                share == 0 ? "" : bars.outline(bin -> bars.count(before, bin) * share / most));
    }

    /**
     * Bars of several bins of a histogram.
     *
     * @param first bin
     * @param wide bins of a bar
     * @param bins of all bars
     */
    private record Bars(int first, int wide, int bins) {
        int end() {
            return first + bins;
        }

        /** Documents of the bar that begins at {@code bin}; the outermost bars have those beyond them, too. */
        double count(Histogram histogram, int bin) {
            long count = 0;
            int from = bin == first ? Math.min(bin, histogram.first()) : bin;
            int to = bin + wide >= end() ? Math.max(bin + wide, histogram.end()) : bin + wide;
            for (int each = from; each < to; each++) {
                count += histogram.count(each);
            }
            return count;
        }

        double most(Histogram histogram, double share) {
            double most = 0;
            for (int bin = first; bin < end(); bin += wide) {
                most = Math.max(most, count(histogram, bin) * share);
            }
            return most;
        }

        String path(IntToDoubleFunction height) {
            StringBuilder path = new StringBuilder();
            for (int bin = first; bin < end(); bin += wide) {
                long high = Math.round(HEIGHT * height.applyAsDouble(bin));
                if (high > 0) {
                    path.append(String.format(
                            Locale.ROOT, "M%d %dV%dH%dV%dZ", x(bin), HEIGHT, HEIGHT - high, x(bin + wide) - 1, HEIGHT));
                }
            }
            return path.toString();
        }

        String outline(IntToDoubleFunction height) {
            StringBuilder path = new StringBuilder("M0 " + HEIGHT);
            for (int bin = first; bin < end(); bin += wide) {
                path.append(String.format(
                        Locale.ROOT, "V%dH%d", HEIGHT - Math.round(HEIGHT * height.applyAsDouble(bin)), x(bin + wide)));
            }
            return path.append("V" + HEIGHT).toString();
        }

        private long x(int bin) {
            return Math.min(WIDTH, Math.round((double) WIDTH * (bin - first) / bins));
        }
    }
}
