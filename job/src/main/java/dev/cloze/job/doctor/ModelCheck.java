package dev.cloze.job.doctor;

import dev.cloze.executor.TaskModel;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.LocalModel;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.text.Document;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The model: it can be had on this node, is the one that the driver has, and answers.
 *
 * @param spec the model as executors receive it
 */
record ModelCheck(ModelSpec spec) implements Check {
    private static final int BATCH_TOKENS = 512;

    @Override
    public String name() {
        return "model";
    }

    @Override
    public String look() {
        LocalModel model = TaskModel.onThisNode(spec, TaskModel.choose(spec.device()));
        try (ModelRegistry.Lease lease = ModelRegistry.shared().lease(model)) {
            return String.format(Locale.ROOT, "%s, answers (perplexity %.1f)", model.directory(), ask(lease.model()));
        }
    }

    private double ask(LanguageModel model) {
        ScoringTask<DocumentScore> task = spec.head() == Head.CAUSAL_LM
                ? new CausalCrossEntropy(CausalCrossEntropy.Start.ADD, LongTexts.WINDOW)
                : new PseudoLogLikelihood(PseudoLogLikelihood.Hidden.TOKEN, LongTexts.WINDOW);
        Outcome<DocumentScore> outcome = new Scorer<>(model, task, BATCH_TOKENS)
                .score(List.of(new Document("doctor", "How are you today?", Optional.empty()))
                        .iterator())
                .next();
        return outcome.value()
                .orElseThrow(() -> new IllegalStateException(outcome.error().orElse("no answer")))
                .perplexity();
    }
}
