package dev.cloze.job.audit;

import dev.cloze.failure.NearMiss;
import dev.cloze.stats.judge.AuditRules;
import java.util.List;
import java.util.Optional;

/** Names of rules as a user types them. */
public final class RuleNames {
    private RuleNames() {}

    /** What is wrong with the name of a rule that is to be muted, if anything. */
    public static Optional<String> muteProblem(String name) {
        return AuditRules.NAMES.contains(name)
                ? Optional.empty()
                : Optional.of("there is no rule " + name + repair(name, AuditRules.NAMES));
    }

    /** What is wrong with the name of a rule whose level is to be accepted, if anything. */
    public static Optional<String> acceptProblem(String name) {
        if (AuditRules.FORECASTS.contains(name)) {
            return Optional.empty();
        }
        return AuditRules.NAMES.contains(name)
                ? Optional.of("the rule " + name + " has no level to accept, as "
                        + String.join(", ", AuditRules.FORECASTS) + " have; use cloze audit mute")
                : Optional.of("there is no rule " + name + repair(name, AuditRules.FORECASTS));
    }

    private static String repair(String name, List<String> known) {
        return NearMiss.of(name, known)
                .map(near -> ", did you mean " + near + "?")
                .orElse("; rules are " + String.join(", ", known));
    }
}
