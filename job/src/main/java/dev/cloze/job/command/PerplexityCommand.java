package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.summary.CorpusSummary;
import dev.cloze.job.terminal.DocumentScoreView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.CausalCrossEntropy.Start;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.scoring.ScoringTask;
import java.util.List;
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
            names = "--method",
            paramLabel = "METHOD",
            description = "pll: each token is masked in turn; pll-word: together with the later pieces of its word"
                    + " (PLL-word-l2r); mlm: a random share of the tokens is masked; causal: each token is predicted from"
                    + " those before it (default: pll).",
            converter = MethodConverter.class)
    private Method method = Method.PLL;

    @Option(names = "--tokens", description = "Write the figure of every token, too.")
    private boolean tokens;

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

    @Option(
            names = "--bos",
            paramLabel = "HOW",
            description = "causal: add, the model's BOS token (or else EOS) stands before every text, so that its first"
                    + " token is scored; none (default: add).")
    private Optional<Start> bos = Optional.empty();

    @Mixin
    private MaskedEvaluationOptions masked;

    /** The names that the field knows. */
    enum Method {
        PLL,
        PLL_WORD,
        MLM,
        CAUSAL
    }

    /** Names of {@link Method} on the command line. */
    static final class MethodConverter extends Labels<Method> {
        MethodConverter() {
            super(Method.class);
        }
    }

    @Override
    public void check(Problems problems) {
        super.check(problems);
        masked.check(problems, method);
        problems.require(bos.isEmpty() || method == Method.CAUSAL, "--bos is for --method causal");
        problems.require(groupBy.isEmpty() || corpus().hasColumns(), "--text has no columns: leave --group-by out");
        problems.require(
                groupBy.stream().noneMatch(corpus()::isId),
                "--group-by names the --id-column: every row would be a group of its own");
        boolean documents = tokens
                || !groupBy.isEmpty()
                || !merge.isEmpty()
                || corpus().keepsRows()
                || longTexts().isGiven();
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
                    masked.scoring(limit, engine().batchTokens()),
                    new DocumentScoreView(),
                    Optional.of(masked.summary(bundle.digest(), limit)));
        }
        DocumentScoreRows rows = tokens ? DocumentScoreRows.ofTokens() : DocumentScoreRows.ofDocuments();
        List<String> groups = groupBy.stream().map(Corpus::outputName).toList();
        String definition = definition() + " long=" + Labels.of(longTexts().mode());
        return new Recipe(
                corpus().corpus(Optional.empty(), groupBy),
                new RowScoring<>(task(bundle), rows, engine().batchTokens()),
                new DocumentScoreView(),
                Optional.of(new CorpusSummary(definition, bundle.digest(), method == Method.MLM, groups, merge)));
    }

    private ScoringTask<DocumentScore> task(Bundle bundle) {
        return switch (method) {
            case PLL -> new PseudoLogLikelihood(Hidden.TOKEN, longTexts().mode());
            case PLL_WORD ->
                new PseudoLogLikelihood(Hidden.WORD_LEFT_TO_RIGHT, longTexts().mode());
            case MLM -> masked.task(longTexts().mode());
            case CAUSAL ->
                CausalCrossEntropy.of(bos.orElse(Start.ADD), longTexts().mode(), bundle);
        };
    }

    /** What the figures are, so that only figures of one kind are added up. */
    private String definition() {
        return switch (method) {
            case PLL, PLL_WORD -> Labels.of(method);
            case MLM -> masked.method();
            case CAUSAL -> "causal bos=" + Labels.of(bos.orElse(Start.ADD));
        };
    }
}
