package dev.cloze.job.command;

import dev.cloze.augment.Supply;
import dev.cloze.augment.Supply.Originals;
import dev.cloze.failure.Problems;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.Balance;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How many candidates there are of each document. */
@Section("Candidates")
final class SupplyOptions {
    private static final int MOST_TO_BALANCE = 100;
    private static final String MAX = "max";

    @Option(
            names = "--variants",
            paramLabel = "N",
            description =
                    "Candidates of each document, all different (default: 1); with --balance-by, candidates of one"
                            + " document at most (default: " + MOST_TO_BALANCE + ").")
    private Optional<Integer> variants = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another seed draws other candidates (default: ${DEFAULT-VALUE}).")
    private long seed = Supply.DEFAULT.seed();

    @Option(
            names = "--balance-by",
            paramLabel = "NAME",
            description =
                    "Column of a class: rare classes get more candidates, so that documents and candidates of each"
                            + " class come to --target.")
    private Optional<String> balanceBy = Optional.empty();

    @Option(
            names = "--target",
            paramLabel = "N",
            description =
                    "balance-by: documents and candidates of each class, a number, or max for as many as the largest"
                            + " class has documents (default: " + MAX + ").")
    private Optional<String> target = Optional.empty();

    @Option(names = "--with-originals", description = "Write each document, too, as its variant 0.")
    private boolean withOriginals;

    void check(Problems problems, CorpusOptions corpus, OutputOptions output) {
        variants.ifPresent(n -> problems.requireFrom("--variants", n, 1, Supply.MOST_VARIANTS));
        problems.require(balanceBy.isEmpty() || corpus.hasColumns(), "--text has no columns: leave --balance-by out");
        problems.require(target.isEmpty() || balanceBy.isPresent(), "--target is for --balance-by");
        target.ifPresent(value -> problems.require(
                value.equals(MAX) || value.matches("[1-9]\\d{0,17}"),
                "--target must be a number or " + MAX + ", it is " + value));
        problems.require(
                balanceBy.isEmpty() || !output.refreshes(),
                "--balance-by counts the complete corpus: leave --refresh out, and begin anew with --overwrite");
        problems.require(
                balanceBy.isEmpty() || !output.skipsBadFiles(),
                "--balance-by counts the complete corpus: leave --bad-files skip out, and repair or remove such files");
    }

    /** Columns that are carried along. */
    List<String> columns() {
        return balanceBy.stream().toList();
    }

    Supply supply() {
        return new Supply(
                variants.orElse(balanceBy.isPresent() ? MOST_TO_BALANCE : Supply.DEFAULT.variants()),
                withOriginals ? Originals.INCLUDED : Originals.LEFT_OUT,
                seed);
    }

    Optional<Balance> balance() {
        OptionalLong number = target.filter(value -> !value.equals(MAX))
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElseGet(OptionalLong::empty);
        return balanceBy.map(column -> new Balance(Corpus.outputName(column), number, supply().variants(), seed));
    }
}
