package dev.cloze.stats.simulation;

import java.util.Locale;

/** What may be wrong with the documents of one slice on one night. */
public enum Fault {
    NONE(Change.NOTHING),
    MOJIBAKE_1_PERCENT(Change.marked("mojibake", 0.01, 0.55)),
    MOJIBAKE_10_PERCENT(Change.marked("mojibake", 0.10, 0.55)),
    ANOTHER_LANGUAGE_5_PERCENT(Change.marked(Change.LANGUAGE, 0.05, 1.6)),
    ONE_TEXT_REPEATED_2_PERCENT(Change.marked(Change.COPIES, 0.02, 0)),
    HALF_THE_VOLUME(Change.of(0.5, 0, 1)),
    REWRITTEN_15_HUNDREDTHS_OF_A_NAT(Change.of(1, 0.15, 1)),
    REWRITTEN_5_HUNDREDTHS_OF_A_NAT(Change.of(1, 0.05, 1)),
    TEXTS_CUT_TO_HALF(Change.of(1, 0.3, 0.5)),
    YESTERDAY_DELIVERED_AGAIN(Change.NOTHING),
    YESTERDAY_APPENDED(Change.NOTHING),
    MARKUP_LEFT_IN(Change.marked("markup", 1, 0.8)),
    HARDEST_TENTH_FILTERED_OUT(Change.NOTHING),
    BAD_ROWS_2_PERCENT(Change.NOTHING);

    private final Change change;

    Fault(Change change) {
        this.change = change;
    }

    /** In words. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Change change() {
        return change;
    }

    /**
     * What happens to the documents.
     *
     * @param volume share of them that is delivered
     * @param rise of their cross-entropy, nats
     * @param length share of their tokens that is left
     * @param mark that documents have more often, or empty
     * @param marked share of the documents with the mark
     * @param markedRise of the cross-entropy of these
     */
    record Change(double volume, double rise, double length, String mark, double marked, double markedRise) {
        static final String LANGUAGE = "language";
        static final String COPIES = "copies";
        static final Change NOTHING = of(1, 0, 1);

        static Change of(double volume, double rise, double length) {
            return new Change(volume, rise, length, "", 0, 0);
        }

        static Change marked(String mark, double share, double rise) {
            return new Change(1, 0, 1, mark, share, rise);
        }
    }
}
