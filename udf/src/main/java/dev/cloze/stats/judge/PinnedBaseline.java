package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Decision.Pin;
import dev.cloze.stats.judge.Finding.State;
import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code baseline}: the mean level of the last 7 nights is more than 0.10 nats away from that of nights that somebody pinned. A fixed
 * limit, never drift.
 */
final class PinnedBaseline {
    static final String BASELINE = "baseline";

    private static final int WEEK = 7;
    private static final int ENOUGH = 5;
    private static final double LIMIT = 0.10;

    private PinnedBaseline() {}

    static List<Finding> find(Tonight tonight, Pin pin) {
        return tonight.series().stream()
                .filter(series -> isAway(series, pin))
                .map(series -> Finding.absolute(series.slice(), BASELINE, State.WATCH))
                .toList();
    }

    private static boolean isAway(Series series, Pin pin) {
        List<Double> pinned = levels(series.past().nights().stream()
                .filter(night -> pin.covers(night.date()))
                .map(Past.Dated::state)
                .toList());
        List<SliceState> week = new ArrayList<>(series.past().last(WEEK - 1));
        week.add(series.state());
        List<Double> now = levels(week);
        return !pinned.isEmpty() && now.size() >= ENOUGH && Math.abs(Numbers.mean(now) - Numbers.mean(pinned)) > LIMIT;
    }

    private static List<Double> levels(List<SliceState> nights) {
        return nights.stream()
                .map(night -> new Level()
                        .measure(new Past(), night)
                        .map(ForecastRule.Measured::y)
                        .orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }
}
