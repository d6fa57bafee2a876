package dev.cloze.job.command;

import dev.cloze.augment.Sampling;
import dev.cloze.augment.Sampling.Choice;
import dev.cloze.failure.Problems;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How one of the words that pass the filters is chosen. */
@Section("Choice of words")
final class SamplingOptions {
    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Choose among the N most probable words that pass the filters (default: ${DEFAULT-VALUE}).")
    private int topK = Sampling.DEFAULT.topK();

    @Option(
            names = "--top-p",
            paramLabel = "SHARE",
            description = "Of these, keep the most probable ones that have this share of their probability together"
                    + " (default: ${DEFAULT-VALUE}).")
    private double topP = Sampling.DEFAULT.topP();

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Below 1 probable words are drawn more often, above 1 improbable ones (default: 1).")
    private Optional<Double> temperature = Optional.empty();

    @Option(
            names = "--min-probability",
            paramLabel = "P",
            description = "Words less probable than this, in the model's whole vocabulary, are not put in (default:"
                    + " ${DEFAULT-VALUE}).")
    private double minProbability = Sampling.DEFAULT.minProbability();

    @Option(names = "--greedy", description = "Choose the most probable word, without a draw.")
    private boolean greedy;

    void check(Problems problems) {
        problems.requireFrom("--top-k", topK, 1, Sampling.MOST_TOP_K);
        problems.require(topP > 0 && topP <= 1, "--top-p must be above 0 and at most 1, it is " + topP);
        temperature.ifPresent(t -> problems.require(
                t > 0 && Double.isFinite(t), "--temperature must be above 0, it is " + t + "; use --greedy for none"));
        problems.require(
                minProbability >= 0 && minProbability <= 1,
                "--min-probability must be between 0 and 1, it is " + minProbability);
        problems.require(!greedy || temperature.isEmpty(), "--greedy does not draw: leave --temperature out");
    }

    Sampling sampling() {
        return new Sampling(
                topK,
                topP,
                temperature.orElse(Sampling.DEFAULT.temperature()),
                minProbability,
                greedy ? Choice.GREEDY : Choice.DRAW);
    }
}
