package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said of a night.
 *
 * @param word all of it in a word
 * @param nights how many nights were before it
 * @param tests m: checks that were judged
 * @param forecasts those of the forecast rules
 * @param counts those of the count rules
 * @param trends those of the trend rule
 * @param findings what was found, the most important first
 * @param since the first night of each finding, as far as that was looked at: of the nights before in a row
 * @param change where the change of the corpus comes from; absent where there are no tokens on one side
 * @param rates by which it was judged
 */
public record Verdict(
        LocalDate date,
        Word word,
        int nights,
        int tests,
        List<Forecast> forecasts,
        List<Count> counts,
        List<WeekAgainstWeeks> trends,
        List<Finding> findings,
        Map<Incident, LocalDate> since,
        Optional<Decomposition> change,
        Rates rates) {

    /** All of it in a word. */
    public enum Word {
        OK,
        /** Nothing was found, but there are too few nights to find much. */
        WARMING_UP,
        WATCH,
        DRIFT
    }

    /** What may be found on several nights. */
    public record Incident(Slice slice, String rule) {
        static Incident of(Finding finding) {
            return new Incident(finding.slice(), finding.rule());
        }
    }
}
