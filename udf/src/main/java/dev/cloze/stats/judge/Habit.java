package dev.cloze.stats.judge;

import dev.cloze.stats.judge.Forecast.Learning;
import dev.cloze.stats.judge.Forecast.Movement;
import dev.cloze.stats.judge.ForecastRule.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a slice's figure: a level L, the habit S of each weekday, and the last forecast errors.
 *
 * <pre>
 * ŷ = L + S[d],  e = y − ŷ,  r = e clipped to ±2.5 √(v + τ²)
 * L += max(α, 1/(k+1)) r                                            α = 0.2
 * S[d] += max(γ, 1/(k_d+3)) (1 − max(α, 1/(k+1))) r from k = 7 on,  γ = 0.15, and then S is centred
 * </pre>
 *
 * A night that is too unusual is held: nothing is learned from it. After seven such nights in a row their level is adopted.
 */
final class Habit {
    private static final double ALPHA = 0.2;
    private static final double GAMMA = 0.15;
    private static final int WEEK = 7;
    private static final double CLIP = 2.5;
    /** Nights of which forecast errors are remembered. */
    private static final int WINDOW = 56;
    /** The mean of min(|Z|, 2.5)² for a standard normal Z. */
    private static final double CLIPPED_SQUARE = 0.97756;

    private static final int BISECTIONS = 24;
    private static final double NEVER_ZERO = 1e-15;
    private static final double LEAST_SQUARE = 1e-12;
    private static final int HELD_FROM = 14;
    private static final double HELD_P = 1e-4;
    private static final int MOST_HELD = 7;

    /** A forecast error of a night, and the sampling variance of the figure. */
    private record ForecastError(int night, double error, double variance) {}

    /**
     * A level that was adopted or accepted.
     *
     * @param since the first night of it
     * @param height by which the level rose
     */
    record Step(int since, double height) {}

    private double level;
    private final double[] weekdays = new double[WEEK];
    private final int[] nightsOfWeekday = new int[WEEK];
    private int k;
    private final List<ForecastError> misses = new ArrayList<>();
    /** Nights in a row from which nothing was learned. */
    private final List<ForecastError> held = new ArrayList<>();

    int k() {
        return k;
    }

    double forecast(int weekday) {
        return level + weekdays[weekday];
    }

    double[] weekdays() {
        return weekdays.clone();
    }

    /**
     * τ̂² before night {@code night}: the smallest variance for which the errors of the last 56 nights are no larger than chance makes them.
     *
     * <pre>mean of min(|e| / √(v + τ²), 2.5)² ≤ 0.97756</pre>
     */
    OwnMovement own(int night) {
        List<ForecastError> window =
                misses.stream().filter(miss -> miss.night >= night - WINDOW).toList();
        if (window.isEmpty()) {
            return new OwnMovement(0, 0);
        }
        double largest = window.stream()
                .mapToDouble(miss -> Numbers.square(miss.error))
                .max()
                .getAsDouble();
        double low = 0;
        double high = 4 * Math.max(largest, LEAST_SQUARE);
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (clippedSquare(window, middle) > CLIPPED_SQUARE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new OwnMovement(high, window.size());
    }

    /** τ̂² and the number of errors that it is from. */
    record OwnMovement(double variance, int errors) {}

    private static double clippedSquare(List<ForecastError> window, double movement) {
        double sum = 0;
        for (ForecastError miss : window) {
            double size = Math.abs(miss.error) / Math.sqrt(miss.variance + movement + NEVER_ZERO);
            sum += Numbers.square(Math.min(size, CLIP));
        }
        return sum / window.size();
    }

    /** What {@link #learn} would do with a figure. */
    Learning learning(double error, Measured measured, Movement movement) {
        double size = error / Math.sqrt(measured.v() + movement.variance());
        if (k < HELD_FROM || StudentT.twoSided(movement.freedom(), size) >= HELD_P) {
            return Learning.LEARNED;
        }
        return held.size() + 1 < MOST_HELD ? Learning.HELD : Learning.ADOPTED;
    }

    /** The first night of all. */
    void begin(int weekday, Measured measured) {
        level = measured.y();
        count(weekday);
    }

    /** Learns from a night that was forecast; the step, when the level of held nights is adopted. */
    Optional<Step> learn(Tonight tonight, Forecast forecast) {
        ForecastError miss = new ForecastError(
                tonight.index(), forecast.error(), forecast.measured().v());
        Optional<Step> step = Optional.empty();
        if (forecast.learning() == Learning.LEARNED) {
            misses.addAll(held);
            held.clear();
            misses.add(miss);
            double most = CLIP * Math.sqrt(miss.variance + forecast.movement().variance());
            move(tonight.weekday(), Numbers.clip(miss.error, most));
        } else {
            held.add(miss);
            step = forecast.learning() == Learning.ADOPTED ? Optional.of(adopt()) : Optional.empty();
        }
        count(tonight.weekday());
        return step;
    }

    private void move(int weekday, double error) {
        double share = Math.max(ALPHA, 1.0 / (k + 1));
        level += share * error;
        if (k >= WEEK) {
            weekdays[weekday] += Math.max(GAMMA, 1.0 / (nightsOfWeekday[weekday] + 3)) * (1 - share) * error;
            double mean = Arrays.stream(weekdays).sum() / WEEK;
            Arrays.setAll(weekdays, day -> weekdays[day] - mean);
            level += mean;
        }
    }

    private Step adopt() {
        Step step = new Step(
                held.get(0).night,
                Numbers.mean(held.stream().map(ForecastError::error).toList()));
        level += step.height;
        held.clear();
        return step;
    }

    /**
     * Takes tonight's figure for the new level, because somebody said that it is right. To be called after the night was learned; the
     * errors of the night and of those that were held before it are forgotten.
     */
    Step accept(Tonight tonight, double figure) {
        double before = level;
        level = figure - weekdays[tonight.weekday()];
        int since = held.stream().mapToInt(ForecastError::night).min().orElse(tonight.index());
        held.clear();
        misses.removeIf(miss -> miss.night == tonight.index());
        return new Step(since, level - before);
    }

    private void count(int weekday) {
        k++;
        nightsOfWeekday[weekday]++;
    }
}
