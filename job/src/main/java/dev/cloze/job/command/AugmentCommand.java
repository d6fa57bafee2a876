package dev.cloze.job.command;

import dev.cloze.augment.Augment;
import dev.cloze.augment.AugmentSettings;
import dev.cloze.augment.Checks;
import dev.cloze.augment.Stopwords;
import dev.cloze.augment.Supply;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Sha256;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.AugmentScoring;
import dev.cloze.job.run.Balance;
import dev.cloze.job.terminal.RewriteView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.model.Head;
import dev.cloze.settings.SettingGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private SupplyOptions supply;

    @Mixin
    private ProtectionOptions protection;

    @Override
    List<SettingGroup> ofTask() {
        return AugmentSettings.GROUPS;
    }

    @Override
    public void check(Problems problems) {
        super.check(problems);
        AugmentSettings.check(values(), problems);
        supply.check(problems, corpus(), output());
        protection.check(problems, corpus());
    }

    /** A file of stopwords and a check may change under their names. */
    @Override
    Map<String, Object> moreSettings() {
        Map<String, Object> more = new LinkedHashMap<>();
        values().get(AugmentSettings.CHECK)
                .forEach(name -> more.put(
                        "check " + name + " (version)",
                        Checks.installed().get(name).version()));
        Set<String> words = Stopwords.of(values().get(AugmentSettings.STOPWORDS));
        if (!words.isEmpty()) {
            more.put("stopwords (sha256)", Sha256.of(String.join("\n", words).getBytes(StandardCharsets.UTF_8)));
        }
        return more;
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        Supply candidates = supply.supply(values());
        Augment task = AugmentSettings.task(values(), candidates);
        if (task.needsHiddenStates()) {
            Head.HIDDEN_STATES.require(bundle);
        }
        List<String> needed = new ArrayList<>(supply.columns());
        protection.column().ifPresent(needed::add);
        Optional<Balance> balance = supply.balance(candidates);
        return new Recipe(
                corpus().corpus(Optional.empty(), needed),
                new AugmentScoring(task, balance, protection.column(), batchTokens()),
                new RewriteView(
                        values().get(AugmentSettings.SCORE_CANDIDATES)
                                ? RewriteView.Figures.PLL_CHANGE
                                : RewriteView.Figures.NONE),
                balance.map(classes -> classes));
    }
}
