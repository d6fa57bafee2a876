package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** How the work is cut; it changes no number. */
@Section(HelpPage.ENGINE)
final class EngineOptions {
    /** Spark's driver holds some objects of each. */
    private static final int MOST_PARTITIONS = 100_000;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Pieces to cut the corpus into (default: as it is read, at least one for each core).")
    private Optional<Integer> partitions = Optional.empty();

    void check(Problems problems) {
        partitions.ifPresent(n -> problems.requireFrom("--partitions", n, 1, MOST_PARTITIONS));
    }

    OptionalInt partitions() {
        return partitions.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
