package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Finding.State;
import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.List;

/** Rules without statistics, which hold from the first night on. */
final class AbsoluteRules {
    static final String EMPTY = "empty";
    static final String NEW_SLICE = "new-slice";
    static final String VANISHED = "vanished";
    static final String BAD_ROWS_LIMIT = "bad-rows-limit";
    static final String SAME_DATA_AGAIN = "same-data-again";
    static final String SEEN_LIMIT = "seen-limit";

    /** In the order of the documentation. */
    static final List<String> NAMES = List.of(EMPTY, VANISHED, BAD_ROWS_LIMIT, SAME_DATA_AGAIN, SEEN_LIMIT, NEW_SLICE);

    private static final int WEEK = 7;
    private static final double MOST_BAD_ROWS = 0.05;
    private static final long FEWEST_BAD_ROWS = 3;
    private static final long FEWEST_SAME = 30;
    private static final double MOST_SEEN = 0.5;

    private AbsoluteRules() {}

    static List<Finding> find(Tonight tonight) {
        List<Finding> findings = new ArrayList<>();
        for (Series series : tonight.series()) {
            if (series.slice().isCorpus()) {
                add(findings, series, EMPTY, State.DRIFT, isEmpty(series.state()));
            } else {
                add(findings, series, NEW_SLICE, State.WATCH, isNew(series, tonight));
                add(findings, series, VANISHED, State.DRIFT, hasVanished(series));
            }
            add(findings, series, BAD_ROWS_LIMIT, State.DRIFT, hasBadRows(series.state()));
            add(findings, series, SAME_DATA_AGAIN, State.DRIFT, isSameAgain(series));
            add(findings, series, SEEN_LIMIT, State.DRIFT, isMostlySeen(series.state()));
        }
        return findings;
    }

    private static void add(List<Finding> findings, Series series, String rule, State state, boolean holds) {
        if (holds) {
            findings.add(Finding.absolute(series.slice(), rule, state));
        }
    }

    /** Neither a new document nor one of a corpus that is delivered as a whole. */
    private static boolean isEmpty(SliceState night) {
        return night.documents() == 0 && Stock.of(night) == 0;
    }

    /** The first documents of a slice, on another night than the first of the history. */
    private static boolean isNew(Series series, Tonight tonight) {
        return series.past().isEmpty() && tonight.index() > 0;
    }

    /** No document, after documents on each of the 7 nights before. */
    private static boolean hasVanished(Series series) {
        List<SliceState> week = series.past().last(WEEK);
        return isEmpty(series.state()) && week.size() == WEEK && week.stream().noneMatch(AbsoluteRules::isEmpty);
    }

    /** More than 5 % of the rows have no score, and at least 3. */
    private static boolean hasBadRows(SliceState tonight) {
        return tonight.badRows() > MOST_BAD_ROWS * tonight.tried() && tonight.badRows() >= FEWEST_BAD_ROWS;
    }

    /** The figures of an earlier night, digit for digit. */
    private static boolean isSameAgain(Series series) {
        return series.state().documents() >= FEWEST_SAME
                && series.past().nights().stream()
                        .anyMatch(night -> night.state().hasFiguresOf(series.state()));
    }

    /** More than half of the documents came on an earlier night. */
    private static boolean isMostlySeen(SliceState tonight) {
        return tonight.marks().getOrDefault(CountRule.SEEN, 0L) > MOST_SEEN * tonight.documents();
    }
}
