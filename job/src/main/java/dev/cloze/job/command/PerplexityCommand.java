package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.config.Problems;
import dev.cloze.job.config.Setting;
import dev.cloze.job.run.DocumentScoreView;
import dev.cloze.job.run.ScoringJob;
import dev.cloze.job.run.SparkSessions;
import dev.cloze.job.run.Terminal;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.spark.DocumentScoreRows;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cloze perplexity}. */
@CommandLine.Command(
        name = "perplexity",
        description = "Measure cross-entropy and perplexity of every text and of the corpus.",
        sortOptions = false)
final class PerplexityCommand implements Command {
    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private CorpusOptions corpus;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "pll: each token is masked in turn; pll-word: together with the later pieces of its word"
                    + " (PLL-word-l2r) (default: pll).",
            converter = MethodConverter.class)
    private Hidden method = Hidden.TOKEN;

    @Option(names = "--tokens", description = "Write the figure of every token, too.")
    private boolean tokens;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private OutputOptions output;

    @Mixin
    private SettingsOptions settings;

    /** The names that the field knows. */
    static final class MethodConverter implements CommandLine.ITypeConverter<Hidden> {
        @Override
        public Hidden convert(String value) {
            return switch (value) {
                case "pll" -> Hidden.TOKEN;
                case "pll-word" -> Hidden.WORD_LEFT_TO_RIGHT;
                default ->
                    throw new CommandLine.TypeConversionException(
                            "expected one of [pll, pll-word] but was '" + value + "'");
            };
        }
    }

    @Override
    public List<Setting> settings(Problems problems) {
        return settings.settings(problems);
    }

    @Override
    public void check(Problems problems) {
        corpus.check(problems);
        engine.check(problems);
        output.check(problems);
    }

    @Override
    public void run(Terminal terminal) {
        Bundle bundle = model.open(terminal);
        ScoringJob<?> job = new ScoringJob<>(
                spec.name(),
                OptionValues.of(spec),
                corpus.corpus(Optional.empty()),
                bundle,
                new PseudoLogLikelihood(method, model.longTexts()),
                tokens ? DocumentScoreRows.ofTokens() : DocumentScoreRows.ofDocuments(),
                new DocumentScoreView(),
                engine.batchTokens(),
                engine.partitions(),
                output.output());
        SparkSessions.with("cloze " + spec.name(), spark -> job.run(spark, terminal));
    }
}
