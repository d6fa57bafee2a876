package dev.cloze.job.command;

import dev.cloze.augment.Checks;
import dev.cloze.augment.Checks.Figures;
import dev.cloze.failure.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What a candidate must pass as a whole, and what is measured of it. */
@Section("Checks of candidates")
final class CheckOptions {
    @Option(
            names = "--min-similarity",
            paramLabel = "COSINE",
            description = "Candidates whose mean-pooled hidden states are farther from the original's are dropped, and"
                    + " others drawn.")
    private Optional<Double> minSimilarity = Optional.empty();

    @Option(
            names = "--check",
            paramLabel = "NAME",
            split = ",",
            description = "Candidates that this check of yours does not accept are dropped, and others drawn: a"
                    + " dev.cloze.augment.SentenceCheck in a jar of --jars. Repeatable, or with commas.")
    private List<String> checks = List.of();

    @Option(
            names = "--score-candidates",
            description =
                    "Write pll_change: the pseudo-log-likelihood of each candidate minus the original's, nats. Costs"
                            + " a run of the model for each token.")
    private boolean scores;

    void check(Problems problems) {
        minSimilarity.ifPresent(cosine -> problems.require(
                cosine >= -1 && cosine <= 1, "--min-similarity must be between -1 and 1, it is " + cosine));
        checks.forEach(name -> requireInstalled(name, problems));
    }

    private static void requireInstalled(String name, Problems problems) {
        Set<String> installed = Checks.installed().keySet();
        problems.require(
                installed.contains(name),
                "--check " + name + " is not installed, "
                        + (installed.isEmpty() ? "nor is any other" : "there is " + String.join(", ", installed))
                        + ": add its jar with --jars before the command");
    }

    Checks checks() {
        OptionalDouble least = minSimilarity.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
        return Checks.of(checks, least, scores ? Figures.PLL_CHANGE : Figures.NONE);
    }

    /** Of each check that is used, what tells its code from another under the same name. */
    Map<String, Object> versions() {
        Map<String, Object> versions = new TreeMap<>();
        checks.forEach(name -> versions.put(
                "check " + name + " (version)", Checks.installed().get(name).version()));
        return versions;
    }

    boolean hasScores() {
        return scores;
    }
}
