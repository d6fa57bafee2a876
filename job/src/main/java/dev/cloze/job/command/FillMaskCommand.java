package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.terminal.FilledMaskView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.FilledMaskRows;
import dev.cloze.scoring.FillMaskSettings;
import dev.cloze.settings.SettingGroup;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code cloze fill-mask}. */
@CommandLine.Command(
        name = "fill-mask",
        description = "Fill every mask of every text with the most probable words.",
        footer = {
            "  cloze fill-mask --text 'The capital of France is [MASK].'",
            "  cloze fill-mask --text 'The traveler lost the [MASK].' \\",
            "      --targets souvenir,luggage",
            "  cloze fill-mask --input articles.parquet --text-column body \\",
            "      --id-column id --keep lang --output scores"
        })
final class FillMaskCommand extends ScoringCommand {
    @Option(
            names = "--pair-column",
            paramLabel = "NAME",
            description = "Column of a second sentence, which the model reads as a pair with the first.")
    private Optional<String> pairColumn = Optional.empty();

    @Override
    List<SettingGroup> ofTask() {
        return List.of(FillMaskSettings.GROUP);
    }

    @Override
    public void check(Problems problems) {
        problems.require(
                pairColumn.isEmpty() || corpus().hasColumns(), "--text has no columns: leave --pair-column out");
        super.check(problems);
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        return new Recipe(
                corpus().corpus(pairColumn, List.of()),
                new RowScoring<>(
                        FillMaskSettings.task(values(), bundle, terminal::say), new FilledMaskRows(), batchTokens()),
                new FilledMaskView(),
                Optional.empty());
    }
}
