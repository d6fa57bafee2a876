package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.summary.CorpusSummary;
import dev.cloze.job.terminal.DocumentScoreView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.mask.LongTexts;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.settings.Labels;
import dev.cloze.settings.SettingGroup;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cloze perplexity}. */
@CommandLine.Command(
        name = "perplexity",
        description = "Measure cross-entropy and perplexity of every text, of groups and of the corpus.",
        footer = {
            "  cloze perplexity --text 'The author laughs.' --tokens",
            "  cloze perplexity --input articles.jsonl --id-column id --group-by lang \\",
            "      --output scores",
            "  cloze perplexity --method causal --model gpt2 --input articles.txt"
        })
final class PerplexityCommand extends ScoringCommand {
    @Option(
            names = "--group-by",
            paramLabel = "NAME",
            split = ",",
            description = "Columns whose values name groups of documents. Repeatable, or with commas.")
    private List<String> groupBy = List.of();

    @Option(
            names = "--merge",
            paramLabel = "DIR",
            description = "The --output of an earlier run, whose documents count in the summary, too. Repeatable.")
    private List<String> merge = List.of();

    @Mixin
    private MaskedEvaluationOptions masked;

    @Override
    List<SettingGroup> ofTask() {
        return List.of(PerplexitySettings.GROUP);
    }

    @Override
    public void check(Problems problems) {
        super.check(problems);
        PerplexitySettings.check(values(), problems);
        masked.check(problems, method());
        problems.require(groupBy.isEmpty() || corpus().hasColumns(), "--text has no columns: leave --group-by out");
        problems.require(
                groupBy.stream().noneMatch(corpus()::isId),
                "--group-by names the --id-column: every row would be a group of its own");
        problems.require(
                groupBy.stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .distinct()
                                .count()
                        == groupBy.size(),
                "--group-by names a column twice: name each once");
        boolean documents = values().get(PerplexitySettings.TOKENS)
                || !groupBy.isEmpty()
                || !merge.isEmpty()
                || corpus().keepsRows()
                || values().given(EngineSettings.LONG).isPresent();
        problems.require(
                !masked.isTrainer() || !documents,
                "--hf-compat scores examples, not documents: leave --tokens, --group-by, --merge, --long,"
                        + " --id-column, --keep and --row-column out");
        problems.require(
                !masked.isTrainer() || !output().skipsBadFiles(),
                "--hf-compat puts the rows of all files together: leave --bad-files skip out");
    }

    @Override
    Recipe recipe(Bundle bundle, Terminal terminal) {
        if (masked.isTrainer()) {
            int limit = bundle.manifest().positionLimit();
            return new Recipe(
                    corpus().corpus(Optional.empty(), List.of()),
                    masked.scoring(limit, batchTokens()),
                    new DocumentScoreView(),
                    Optional.of(masked.summary(bundle.digest(), limit)));
        }
        boolean tokens = values().get(PerplexitySettings.TOKENS);
        DocumentScoreRows rows = tokens ? DocumentScoreRows.ofTokens() : DocumentScoreRows.ofDocuments();
        List<String> groups = groupBy.stream().map(Corpus::outputName).toList();
        LongTexts longTexts = EngineSettings.longTexts(values());
        DocumentMethod scored = new DocumentMethod(values(), masked.masking());
        String definition = scored.definition() + " long=" + Labels.of(longTexts);
        return new Recipe(
                corpus().corpus(Optional.empty(), groupBy),
                new RowScoring<>(scored.task(bundle), rows, batchTokens()),
                new DocumentScoreView(),
                Optional.of(new CorpusSummary(definition, bundle.digest(), method() == Method.MLM, groups, merge)));
    }

    private Method method() {
        return values().get(PerplexitySettings.METHOD);
    }
}
