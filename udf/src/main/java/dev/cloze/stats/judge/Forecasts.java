package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Forecast.Movement;
import dev.cloze.stats.judge.ForecastRule.Measured;
import dev.cloze.stats.judge.Habit.OwnMovement;
import dev.cloze.stats.judge.Tonight.Series;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One forecast rule and all slices. Tonight's error is judged by two variances: what sampling does to a slice of this size (v₀), and how
 * much nights usually miss their forecast (τ²).
 *
 * <pre>
 * p₀ = median of τ̂² over the slices with ≥ 14 errors, of which there must be 3; else the rule's default²; never below (default/10)²
 * τ² = (6 p₀ + n τ̂²) / (6 + n),   ν = min(40, 6 + 0.6 n)
 * ν′ = min(ν, (v₀ + τ²)² / (τ⁴/ν + v₀² / max(4, N_e/4)))          Welch and Satterthwaite
 * z = e / √(v₀ + τ²),   p = 2 P(t_ν′ > |z|)
 * </pre>
 */
final class Forecasts {
    private static final int ENOUGH_ERRORS = 14;
    private static final int ENOUGH_SLICES = 3;
    private static final double WEIGHT_OF_OTHERS = 6;
    private static final double LEAST_OF_DEFAULT = 0.1;
    private static final double FREEDOM_OF_AN_ERROR = 0.6;
    private static final double LEAST_FREEDOM = 4;

    /** The level of a slice changed for good. */
    record LevelStep(Slice slice, Habit.Step step) {}

    private final ForecastRule rule;
    private final Map<Slice, Habit> habits = new LinkedHashMap<>();
    /** As it is before the next night; empty when it has to be found again. */
    private final Map<Slice, OwnMovement> own = new LinkedHashMap<>();

    Forecasts(ForecastRule rule) {
        this.rule = rule;
    }

    ForecastRule rule() {
        return rule;
    }

    /** The habits of the weekdays of {@code slice}. */
    double[] weekdays(Slice slice) {
        return habits.getOrDefault(slice, new Habit()).weekdays();
    }

    /** All slices that have a figure tonight and had one before. */
    List<Forecast> judge(Tonight tonight) {
        double usual = usualMovement(tonight.index());
        return tonight.series().stream()
                .map(series -> forecast(series, tonight, usual))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Forecast> forecast(Series series, Tonight tonight, double usual) {
        Habit habit = habits.get(series.slice());
        return habit == null
                ? Optional.empty()
                : rule.measure(series.past(), series.state())
                        .map(measured -> forecast(series, habit, measured, tonight.weekday(), usual));
    }

    private Forecast forecast(Series series, Habit habit, Measured measured, int weekday, double usual) {
        double expected = habit.forecast(weekday);
        double error = measured.y() - expected;
        Movement movement = movement(own.get(series.slice()), usual);
        double undisturbed = rule.undisturbedVariance(series.past(), series.state(), expected, measured);
        double freedom = freedom(movement, undisturbed, rule.effectiveDocuments(series.state()));
        double z = error / Math.sqrt(undisturbed + movement.variance());
        return new Forecast(
                series.slice(),
                rule,
                habit.k(),
                measured,
                expected,
                error,
                undisturbed,
                movement,
                freedom,
                z,
                rule.p(freedom, z),
                habit.learning(error, measured, movement));
    }

    private double usualMovement(int night) {
        if (own.isEmpty()) {
            habits.forEach((slice, habit) -> own.put(slice, habit.own(night)));
        }
        double byDefault = Numbers.square(rule.defaultMovement());
        List<Double> enough = own.values().stream()
                .filter(each -> each.errors() >= ENOUGH_ERRORS)
                .map(OwnMovement::variance)
                .toList();
        double usual = enough.size() >= ENOUGH_SLICES ? Numbers.median(enough) : byDefault;
        return Math.max(usual, byDefault * Numbers.square(LEAST_OF_DEFAULT));
    }

    private Movement movement(OwnMovement own, double usual) {
        int errors = own.errors();
        double variance = (WEIGHT_OF_OTHERS * usual + errors * own.variance()) / (WEIGHT_OF_OTHERS + errors);
        double freedom = Math.min(rule.mostFreedom(), WEIGHT_OF_OTHERS + FREEDOM_OF_AN_ERROR * errors);
        return new Movement(own.variance(), errors, variance, freedom);
    }

    private static double freedom(Movement movement, double undisturbed, double documents) {
        double variance = movement.variance();
        double both = Numbers.square(undisturbed + variance)
                / (Numbers.square(variance) / movement.freedom()
                        + Numbers.square(undisturbed) / Math.max(LEAST_FREEDOM, documents / 4));
        return Math.min(movement.freedom(), both);
    }

    /**
     * Learns from a night.
     *
     * @param accepted slices whose figure is right, as somebody said
     * @return the levels that changed for good
     */
    List<LevelStep> learn(Tonight tonight, Predicate<Slice> accepted) {
        Map<Slice, Forecast> forecasts = new LinkedHashMap<>();
        judge(tonight).forEach(forecast -> forecasts.put(forecast.slice(), forecast));
        own.clear();
        return tonight.series().stream()
                .flatMap(series ->
                        learn(series, Optional.ofNullable(forecasts.get(series.slice())), tonight, accepted).stream())
                .toList();
    }

    private List<LevelStep> learn(
            Series series, Optional<Forecast> forecast, Tonight tonight, Predicate<Slice> accepted) {
        Slice slice = series.slice();
        if (forecast.isEmpty()) {
            rule.measure(series.past(), series.state())
                    .ifPresent(first ->
                            habits.computeIfAbsent(slice, any -> new Habit()).begin(tonight.weekday(), first));
            return List.of();
        }
        Habit habit = habits.get(slice);
        List<LevelStep> steps = new ArrayList<>();
        habit.learn(tonight, forecast.get()).ifPresent(step -> steps.add(new LevelStep(slice, step)));
        if (accepted.test(slice)) {
            steps.add(new LevelStep(
                    slice, habit.accept(tonight, forecast.get().measured().y())));
        }
        return steps;
    }
}
