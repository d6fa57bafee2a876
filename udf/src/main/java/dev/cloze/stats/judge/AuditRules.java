package dev.cloze.stats.judge;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rules by their names, in the order of the documentation. */
public final class AuditRules {
    /** Those that learn a level, which may be accepted. */
    public static final List<String> FORECASTS =
            ForecastRule.ALL.stream().map(ForecastRule::name).toList();

    /** Nothing counts for it yet. */
    private static final Set<String> UNCOUNTED = Set.of("unknown");

    /** All of them. */
    public static final List<String> NAMES = Stream.of(
                    FORECASTS.stream(),
                    CountRule.ALL.stream().map(CountRule::name).filter(name -> !UNCOUNTED.contains(name)),
                    Stream.of(WeekAgainstWeeks.TREND, PinnedBaseline.BASELINE),
                    AbsoluteRules.NAMES.stream())
            .flatMap(names -> names)
            .toList();

    private AuditRules() {}
}
