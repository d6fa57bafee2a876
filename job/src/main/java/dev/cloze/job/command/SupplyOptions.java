package dev.cloze.job.command;

import dev.cloze.augment.AugmentSettings;
import dev.cloze.augment.Supply;
import dev.cloze.augment.Supply.Originals;
import dev.cloze.failure.Problems;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.Balance;
import dev.cloze.settings.SettingValues;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How many candidates there are of each document. */
@Section("Candidates")
final class SupplyOptions {
    private static final String MAX = "max";

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

    Supply supply(SettingValues values) {
        int variants = balanceBy.isPresent() ? Supply.DEFAULT_TO_BALANCE : Supply.DEFAULT.variants();
        return new Supply(
                values.given(AugmentSettings.VARIANTS).orElse(variants),
                withOriginals ? Originals.INCLUDED : Originals.LEFT_OUT,
                values.get(AugmentSettings.SEED));
    }

    Optional<Balance> balance(Supply supply) {
        OptionalLong number = target.filter(value -> !value.equals(MAX))
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElseGet(OptionalLong::empty);
        return balanceBy.map(
                column -> new Balance(Corpus.outputName(column), number, supply.variants(), supply.seed()));
    }
}
