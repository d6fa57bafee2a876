package dev.cloze.job.audit;

import dev.cloze.stats.judge.Forecast;
import dev.cloze.stats.judge.Verdict;
import java.util.Set;

/**
 * A forecast figure in the unit that a person reads: rules that judge logarithms are shown as what these are of.
 *
 * @param value tonight's
 * @param usual the forecast
 * @param low the lowest and
 * @param high the highest that would have been called usual
 * @param notice the change that would be noticed in 80 of 100 nights: nats, or a ratio where logarithms are judged
 */
record Figure(double value, double usual, double low, double high, double notice) {
    private static final Set<String> LOGARITHMS = Set.of("length", "volume", "stock", "spread");

    static Figure of(Forecast forecast, Verdict verdict) {
        Forecast.Range range = forecast.range(verdict.rates().drift(), verdict.tests());
        Figure figure =
                new Figure(forecast.measured().y(), forecast.expected(), range.low(), range.high(), range.notice());
        return LOGARITHMS.contains(forecast.rule()) ? figure.exponential() : figure;
    }

    private Figure exponential() {
        return new Figure(Math.exp(value), Math.exp(usual), Math.exp(low), Math.exp(high), Math.exp(notice));
    }
}
