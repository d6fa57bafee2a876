package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Slow drift, which a forecast follows and so does not see: whole weeks against whole weeks, in days of the calendar.
 *
 * <pre>
 * D_t = mean level of the last 7 days − mean level of the b days before,   b = 56 or as many whole weeks as there are, at least 4
 * s² = (8 p₀ + Σ_j clip(D_{t−7j}, ±2.5 m)²) / (8 + n),   j = 1…n ≤ 26,   m² = the same without clipping
 * p₀ = median over the slices of the mean of D² (≥ 3 earlier D), else 0.03²
 * ν = 8 + 0.7 n,   z = D / s,   p = 2 P(t_ν > |z|)
 * </pre>
 *
 * Each of the two windows needs 5 of 7 of its days. If a day is missing, the habit of its weekday is taken off every level. Levels from
 * before a step that was adopted or accepted are raised by it, so that one change is not reported twice.
 */
final class Trend {
    private static final int WEEK = 7;
    private static final int LONGEST = 56;
    private static final int SHORTEST = 28;
    private static final int ENOUGH_DAYS_OF_A_WEEK = 5;
    private static final int MOST_WEEKS = 26;
    private static final int ENOUGH_WEEKS = 3;
    private static final double USUAL = 0.03;
    private static final double WEIGHT_OF_OTHERS = 8;
    private static final double FREEDOM_OF_A_WEEK = 0.7;
    private static final double CLIP = 2.5;
    /** 1970-01-01 was a Thursday, and Monday is 0. */
    private static final int FIRST_WEEKDAY = 3;

    /** Levels before the day {@code since} are raised by {@code height}. */
    private record Raised(long since, double height) {}

    /** The level of a slice by day of the epoch, and D where it is known. */
    private static final class Days {
        final TreeMap<Long, Double> levels = new TreeMap<>();
        final Map<Long, Double> differences = new HashMap<>();
        final List<Raised> steps = new ArrayList<>();
    }

    private final Map<Slice, Days> slices = new LinkedHashMap<>();
    private final Forecasts level;
    private final List<LocalDate> nights = new ArrayList<>();

    /** @param level the rule whose figures and weekdays are used */
    Trend(Forecasts level) {
        this.level = level;
    }

    /** All slices with a level tonight that are old enough. */
    List<WeekAgainstWeeks> judge(Tonight tonight) {
        long day = tonight.date().toEpochDay();
        Map<Slice, Map<Long, Double>> known = new LinkedHashMap<>();
        for (Series series : tonight.series()) {
            Map<Long, Double> all = new HashMap<>(days(series.slice()).differences);
            all.putAll(differences(series, day));
            known.put(series.slice(), all);
        }
        Map<Slice, List<Double>> earlier = new LinkedHashMap<>();
        known.forEach((slice, differences) -> earlier.put(slice, earlier(differences, day)));
        double usual = usual(earlier);
        return tonight.series().stream()
                .filter(series ->
                        levelOf(series).isPresent() && known.get(series.slice()).containsKey(day))
                .map(series ->
                        judged(series.slice(), known.get(series.slice()).get(day), earlier.get(series.slice()), usual))
                .toList();
    }

    private Days days(Slice slice) {
        return slices.getOrDefault(slice, new Days());
    }

    private OptionalDouble levelOf(Series series) {
        return level.rule().measure(series.past(), series.state()).stream()
                .mapToDouble(ForecastRule.Measured::y)
                .findFirst();
    }

    private static List<Double> earlier(Map<Long, Double> differences, long day) {
        return LongStream.rangeClosed(1, MOST_WEEKS)
                .mapToObj(week -> Optional.ofNullable(differences.get(day - WEEK * week)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static double usual(Map<Slice, List<Double>> earlier) {
        List<Double> own = earlier.values().stream()
                .filter(weeks -> weeks.size() >= ENOUGH_WEEKS)
                .map(weeks -> sumOfSquares(weeks) / weeks.size())
                .toList();
        return own.isEmpty() ? USUAL * USUAL : Numbers.median(own);
    }

    private static double sumOfSquares(List<Double> numbers) {
        return numbers.stream().mapToDouble(Numbers::square).sum();
    }

    private static WeekAgainstWeeks judged(Slice slice, double difference, List<Double> earlier, double usual) {
        int weeks = earlier.size();
        double most = CLIP * deviation(earlier, usual);
        double deviation =
                deviation(earlier.stream().map(d -> Numbers.clip(d, most)).toList(), usual);
        double freedom = WEIGHT_OF_OTHERS + FREEDOM_OF_A_WEEK * weeks;
        double z = difference / deviation;
        return new WeekAgainstWeeks(slice, difference, deviation, weeks, freedom, z, StudentT.twoSided(freedom, z));
    }

    private static double deviation(List<Double> earlier, double usual) {
        return Math.sqrt((WEIGHT_OF_OTHERS * usual + sumOfSquares(earlier)) / (WEIGHT_OF_OTHERS + earlier.size()));
    }

    /** D of tonight and of the days without a run before, none of which is ever computed again. */
    private Map<Long, Double> differences(Series series, long day) {
        Days days = days(series.slice());
        TreeMap<Long, Double> levels = new TreeMap<>(days.levels);
        levelOf(series).ifPresent(y -> levels.put(day, y));
        Map<Long, Double> differences = new HashMap<>();
        if (!levels.isEmpty()) {
            long first = levels.firstKey() + SHORTEST + WEEK - 1;
            for (long each = Math.max(first, dayAfterLastNight(day)); each <= day; each++) {
                long when = each;
                difference(levels, days.steps, level.weekdays(series.slice()), each)
                        .ifPresent(d -> differences.put(when, d));
            }
        }
        return differences;
    }

    private long dayAfterLastNight(long otherwise) {
        return nights.isEmpty() ? otherwise : nights.get(nights.size() - 1).toEpochDay() + 1;
    }

    private static OptionalDouble difference(
            TreeMap<Long, Double> levels, List<Raised> steps, double[] weekdays, long day) {
        long week = day - WEEK + 1;
        long before = Math.min(LONGEST, (week - levels.firstKey()) / WEEK * WEEK);
        List<Long> now = List.copyOf(levels.subMap(week, day + 1).keySet());
        List<Long> earlier = List.copyOf(levels.subMap(week - before, week).keySet());
        if (now.size() < ENOUGH_DAYS_OF_A_WEEK || WEEK * earlier.size() < ENOUGH_DAYS_OF_A_WEEK * before) {
            return OptionalDouble.empty();
        }
        boolean isWhole = now.size() == WEEK && earlier.size() == before;
        double[] habit = isWhole ? new double[WEEK] : weekdays;
        return OptionalDouble.of(mean(levels, steps, habit, now) - mean(levels, steps, habit, earlier));
    }

    private static double mean(TreeMap<Long, Double> levels, List<Raised> steps, double[] habit, List<Long> days) {
        return days.stream()
                .mapToDouble(day -> levels.get(day)
                        - habit[(int) Math.floorMod(day + FIRST_WEEKDAY, (long) WEEK)]
                        + steps.stream()
                                .filter(step -> day < step.since)
                                .mapToDouble(Raised::height)
                                .sum())
                .average()
                .orElseThrow();
    }

    /**
     * Learns from a night. To be called before the level rule learns from it.
     */
    void learn(Tonight tonight) {
        long day = tonight.date().toEpochDay();
        for (Series series : tonight.series()) {
            Map<Long, Double> differences = differences(series, day);
            Days days = slices.computeIfAbsent(series.slice(), any -> new Days());
            days.differences.putAll(differences);
            levelOf(series).ifPresent(y -> days.levels.put(day, y));
        }
        nights.add(tonight.date());
    }

    /** What the level rule adopted on the night that was learned last. */
    void raise(List<Forecasts.LevelStep> steps) {
        steps.forEach(step -> slices.get(step.slice())
                .steps
                .add(new Raised(
                        nights.get(step.step().since()).toEpochDay(),
                        step.step().height())));
    }
}
