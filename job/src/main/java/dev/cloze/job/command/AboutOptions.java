package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.Deciding.About;
import dev.cloze.job.audit.RuleNames;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which checks a decision is about. */
final class AboutOptions {
    @Option(
            names = "--slice",
            paramLabel = "COLUMN=VALUE",
            split = ",",
            description = "The slice that is meant, a value of each of its columns (default: all slices and the whole"
                    + " corpus).")
    private Map<String, String> slice = Map.of();

    @Option(names = "--whole-corpus", description = "The whole corpus is meant, and no slice.")
    private boolean corpus;

    @Option(
            names = "--rule",
            paramLabel = "NAME",
            description = "The rule that is meant, such as level (default: all).")
    private Optional<String> rule = Optional.empty();

    void check(Problems problems) {
        problems.require(slice.isEmpty() || !corpus, "--slice and --whole-corpus exclude each other");
        rule.flatMap(RuleNames::problem).ifPresent(problems::add);
    }

    About about() {
        boolean all = slice.isEmpty() && !corpus;
        return new About(all ? Optional.empty() : Optional.of(slice), rule);
    }
}
