package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.terminal.FeaturesView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.FeatureRows;
import dev.cloze.scoring.EmbedSettings;
import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.settings.SettingGroup;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** {@code cloze embed}. */
@CommandLine.Command(
        name = "embed",
        description = "Write the hidden states of the model's last layer for every text.",
        footer = {
            "  cloze embed --text 'The traveler lost the souvenir.'",
            "  cloze embed --input articles.parquet --text-column body \\",
            "      --id-column id --pooling cls --output vectors"
        })
final class EmbedCommand extends ScoringCommand {
    @Override
    List<SettingGroup> ofTask() {
        return List.of(EmbedSettings.GROUP);
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        boolean tokens = values().get(EmbedSettings.POOLING) == Pooling.TOKENS;
        return new Recipe(
                corpus().corpus(Optional.empty(), List.of()),
                new RowScoring<>(
                        EmbedSettings.task(values()),
                        tokens ? FeatureRows.ofTokens() : FeatureRows.ofTexts(),
                        batchTokens()),
                new FeaturesView(tokens),
                Optional.empty());
    }
}
