package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.DecisionWriter.About;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which checks a decision is about. */
final class AboutOptions {
    @Option(
            names = "--slice",
            paramLabel = "COLUMN=VALUE",
            split = ",",
            description =
                    "Only this slice: a value of each of its columns, or (none) (default: all slices and the whole"
                            + " corpus).")
    private Map<String, String> slice = Map.of();

    @Option(names = "--whole-corpus", description = "Only the whole corpus, and no slice.")
    private boolean corpus;

    @Option(names = "--rule", paramLabel = "NAME", description = "Only this rule, such as level (default: all).")
    private Optional<String> rule = Optional.empty();

    /** @param ruleProblem what is wrong with the name of a rule, if anything */
    void check(Problems problems, Function<String, Optional<String>> ruleProblem) {
        problems.require(slice.isEmpty() || !corpus, "--slice and --whole-corpus exclude each other");
        rule.flatMap(ruleProblem).ifPresent(problems::add);
    }

    About about() {
        boolean all = slice.isEmpty() && !corpus;
        return new About(all ? Optional.empty() : Optional.of(slice), rule);
    }
}
