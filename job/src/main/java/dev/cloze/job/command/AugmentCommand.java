package dev.cloze.job.command;

import dev.cloze.augment.Augment;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Sha256;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.AugmentScoring;
import dev.cloze.job.run.Balance;
import dev.cloze.job.terminal.RewriteView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.model.Head;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cloze augment}. */
@CommandLine.Command(
        name = "augment",
        description = "Write other sentences of every text for training: words replaced or put in by the model.",
        footer = {
            "  cloze augment --input reviews.jsonl --id-column id --keep label \\",
            "      --stopwords en --variants 2 --output more",
            "  cloze augment --input reviews.jsonl --id-column id \\",
            "      --balance-by label --with-originals --output balanced"
        })
final class AugmentCommand extends ScoringCommand {
    @Mixin
    private ChangeOptions change;

    @Mixin
    private SupplyOptions supply;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private RuleOptions rules;

    @Mixin
    private CheckOptions checks;

    @Override
    public void check(Problems problems) {
        super.check(problems);
        change.check(problems);
        supply.check(problems, corpus(), output());
        sampling.check(problems);
        rules.check(problems, corpus());
        checks.check(problems);
    }

    /** A file of stopwords and a check may change under their names. */
    @Override
    Map<String, Object> moreSettings() {
        Map<String, Object> more = new LinkedHashMap<>(checks.versions());
        if (rules.hasStopwords()) {
            String words = String.join("\n", rules.words());
            more.put("stopwords (sha256)", Sha256.of(words.getBytes(StandardCharsets.UTF_8)));
        }
        return more;
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        Augment task = new Augment(
                change.change(),
                change.amount(),
                rules.rules(),
                sampling.sampling(),
                checks.checks(),
                supply.supply(),
                longTexts().mode());
        if (task.needsHiddenStates()) {
            Head.HIDDEN_STATES.require(bundle);
        }
        List<String> needed = new ArrayList<>(supply.columns());
        rules.column().ifPresent(needed::add);
        Optional<Balance> balance = supply.balance();
        return new Recipe(
                corpus().corpus(Optional.empty(), needed),
                new AugmentScoring(task, balance, rules.column(), engine().batchTokens()),
                new RewriteView(checks.hasScores() ? RewriteView.Figures.PLL_CHANGE : RewriteView.Figures.NONE),
                balance.map(classes -> classes));
    }
}
