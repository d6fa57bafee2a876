package dev.cloze.stats.exemplar;

import dev.cloze.stats.night.Histogram;
import java.io.Serializable;

/**
 * How probably a document is there because something changed, by its cross-entropy alone:
 *
 * <pre>
 * r(b) = max(0, 1 − p(b) / p′(b))
 * </pre>
 *
 * where p(b) is the share of the documents of the nights before in the bin b of 0.02 nats, p′(b) that of tonight's, both smoothed over five
 * bins.
 *
 * @param first bin of {@code shares[0]}
 * @param shares r of tonight's bins
 */
public record Excess(int first, double[] shares) implements Serializable {
    /** Of cross-entropies that did not change. */
    public static final Excess NONE = new Excess(0, new double[0]);

    /** Without documents in the nights before, everything is new. */
    public static Excess of(Histogram usual, Histogram tonight) {
        double scale = usual.total() == 0 ? 0 : (double) tonight.total() / usual.total();
        double[] shares = new double[tonight.end() - tonight.first()];
        for (int i = 0; i < shares.length; i++) {
            int bin = tonight.first() + i;
            double now = tonight.smoothed(bin);
            shares[i] = now == 0 ? 0 : Math.max(0, 1 - usual.smoothed(bin) * scale / now);
        }
        return new Excess(tonight.first(), shares);
    }

    /** r of a document of tonight with this cross-entropy. */
    public double of(double crossEntropy) {
        int place = Histogram.bin(crossEntropy) - first;
        return place < 0 || place >= shares.length ? 0 : shares[place];
    }
}
