package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import java.util.List;
import java.util.Objects;

/**
 * {@code _history.json}: what all nights of a history have in common.
 *
 * @param format of the files; a reader that knows only lower ones would misread them
 * @param corpus name
 * @param sliceBy columns that slices are made by
 */
record HistoryRecord(int format, String corpus, List<String> sliceBy) {
    static final int FORMAT = 1;
    static final String FILE = "_history.json";

    /** This, when nothing of it is missing. */
    HistoryRecord whole() {
        Objects.requireNonNull(corpus, "there is no corpus in it");
        Objects.requireNonNull(sliceBy, "there is no slice_by in it");
        return this;
    }

    /** Fails when this program is too old for the history. */
    void requireKnown(String history) {
        if (format > FORMAT) {
            throw ClozeException.user(
                    "use the history " + history,
                    "it is of format " + format + ", this is a Cloze that knows format " + FORMAT,
                    "upgrade Cloze");
        }
    }

    /** Fails when nights of another kind would come into the history. */
    void requireSame(HistoryRecord asked, String history) {
        if (!asked.sliceBy.equals(sliceBy)) {
            throw ClozeException.user(
                    "add to the history " + history,
                    "its slices are by " + columns() + ", --slice-by asks for " + asked.columns(),
                    "use the same --slice-by, or another --history");
        }
        if (!asked.corpus.equals(corpus)) {
            throw ClozeException.user(
                    "add to the history " + history,
                    "it is of the corpus " + corpus + ", not of " + asked.corpus,
                    "leave --name out, or use another --history");
        }
    }

    private String columns() {
        return sliceBy.isEmpty() ? "no column" : String.join(", ", sliceBy);
    }
}
