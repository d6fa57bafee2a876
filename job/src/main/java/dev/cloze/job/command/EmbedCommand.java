package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.terminal.FeaturesView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.FeatureRows;
import dev.cloze.scoring.Embedding;
import dev.cloze.scoring.Embedding.Pooling;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

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
    @Option(
            names = "--pooling",
            paramLabel = "HOW",
            description =
                    "mean: of all tokens, special ones included; cls: the first special token's; tokens: a vector for"
                            + " each token (default: mean).")
    private Pooling pooling = Pooling.MEAN;

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        FeatureRows rows = pooling == Pooling.TOKENS ? FeatureRows.ofTokens() : FeatureRows.ofTexts();
        return new Recipe(
                corpus().corpus(Optional.empty(), List.of()),
                new RowScoring<>(new Embedding(pooling, longTexts().mode()), rows, engine().batchTokens()),
                new FeaturesView(pooling == Pooling.TOKENS),
                Optional.empty());
    }
}
