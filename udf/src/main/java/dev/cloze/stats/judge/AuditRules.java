package dev.cloze.stats.judge;

import java.util.List;
import java.util.stream.Stream;

/** All rules by their names. */
public final class AuditRules {
    /** In the order of the documentation. */
    public static final List<String> NAMES = Stream.of(
                    ForecastRule.ALL.stream().map(ForecastRule::name),
                    CountRule.ALL.stream().map(CountRule::name),
                    Stream.of(WeekAgainstWeeks.TREND, PinnedBaseline.BASELINE),
                    AbsoluteRules.NAMES.stream())
            .flatMap(names -> names)
            .toList();

    private AuditRules() {}
}
