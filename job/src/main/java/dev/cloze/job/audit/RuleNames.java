package dev.cloze.job.audit;

import dev.cloze.failure.NearMiss;
import dev.cloze.stats.judge.AuditRules;
import java.util.Optional;

/** Names of rules as a user types them. */
public final class RuleNames {
    private RuleNames() {}

    /** What is wrong with a name, if anything. */
    public static Optional<String> problem(String name) {
        return AuditRules.NAMES.contains(name)
                ? Optional.empty()
                : Optional.of("there is no rule " + name
                        + NearMiss.of(name, AuditRules.NAMES)
                                .map(near -> ", did you mean " + near + "?")
                                .orElse("; rules are " + String.join(", ", AuditRules.NAMES)));
    }
}
