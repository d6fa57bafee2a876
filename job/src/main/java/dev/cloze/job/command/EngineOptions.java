package dev.cloze.job.command;

import dev.cloze.batch.TokenBudgetBatcher;
import dev.cloze.failure.Problems;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** How the engine works; none of it changes a number. */
@Section(HelpPage.ENGINE)
final class EngineOptions {
    /** Spark's driver holds some objects of each. */
    private static final int MOST_PARTITIONS = 100_000;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            description = "Tokens of a batch, padding included (default: ${DEFAULT-VALUE}).")
    private int batchTokens = TokenBudgetBatcher.DEFAULT;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Pieces to cut the corpus into (default: as it is read, at least one for each core).")
    private Optional<Integer> partitions = Optional.empty();

    void check(Problems problems) {
        problems.requireFrom("--batch-tokens", batchTokens, 1, TokenBudgetBatcher.MOST);
        partitions.ifPresent(n -> problems.requireFrom("--partitions", n, 1, MOST_PARTITIONS));
    }

    int batchTokens() {
        return batchTokens;
    }

    OptionalInt partitions() {
        return partitions.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
