package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.terminal.FilledMaskView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.FilledMaskRows;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FillMaskRequest;
import dev.cloze.scoring.Targets;
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

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Candidates of each mask (default: " + FillMask.USUAL_TOP_K + "; all targets in word mode).")
    private Optional<Integer> topK = Optional.empty();

    @Option(
            names = "--targets",
            paramLabel = "WORD",
            split = ",",
            description = "Only these may be filled in. Repeatable, or with commas.")
    private List<String> targets;

    @Option(
            names = "--targets-mode",
            paramLabel = "MODE",
            description = "word: whole words of any number of pieces, scored as one; hf: the rule of the Python"
                    + " pipeline, which takes a word's first piece (default: word).")
    private Targets.Mode targetsMode = Targets.Mode.WORD;

    @Option(
            names = "--clean-up",
            negatable = true,
            description = "Tidy blanks before punctuation in decoded text, or not (default: as the model's tokenizer"
                    + " is set up).")
    private Optional<Boolean> cleanUp = Optional.empty();

    @Override
    public void check(Problems problems) {
        topK.ifPresent(k -> problems.requireFrom("--top-k", k, 1, FillMask.MOST_TOP_K));
        problems.require(targets == null || !targets.isEmpty(), "--targets names no word");
        problems.require(
                targets == null || targets.size() <= Targets.MOST,
                "--targets must be at most " + Targets.MOST + " words, there are "
                        + (targets == null ? 0 : targets.size()));
        problems.require(
                pairColumn.isEmpty() || corpus().hasColumns(), "--text has no columns: leave --pair-column out");
        super.check(problems);
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        FillMaskRequest request = new FillMaskRequest(
                topK, Optional.ofNullable(targets), targetsMode, longTexts().mode(), cleanUp);
        return new Recipe(
                corpus().corpus(pairColumn, List.of()),
                new RowScoring<>(request.task(bundle, terminal::say), new FilledMaskRows(), engine().batchTokens()),
                new FilledMaskView(),
                Optional.empty());
    }
}
