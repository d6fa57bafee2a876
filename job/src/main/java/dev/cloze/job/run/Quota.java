package dev.cloze.job.run;

import java.io.Serializable;

/**
 * Candidates of each document of a class.
 *
 * @param each candidates of every document
 * @param rest documents that get one more
 * @param last draw of the last of these
 */
record Quota(int each, long rest, double last) implements Serializable {
    private static final long serialVersionUID = 1L;
    static final Quota NONE = new Quota(0, 0, -1);

    static Quota of(long missing, long documents, int most) {
        long each = missing / documents;
        return each >= most ? new Quota(most, 0, -1) : new Quota((int) each, missing % documents, -1);
    }

    Quota upTo(double draw) {
        return new Quota(each, rest, draw);
    }

    int of(double draw) {
        return each + (draw <= last ? 1 : 0);
    }
}
