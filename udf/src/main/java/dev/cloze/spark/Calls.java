package dev.cloze.spark;

import dev.cloze.augment.Rewrites;
import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.catalog.Models;
import dev.cloze.model.Head;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.rows.FeatureRows;
import dev.cloze.rows.FilledMaskRows;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Embedding;
import dev.cloze.scoring.FillMaskRequest;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.spark.Call.Input;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be called, with the settings and the model that they name. */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final Settings settings;
    private final ModelChoice model;

    private Calls(Settings settings, ModelChoice model) {
        this.settings = settings;
        this.model = model;
    }

    /** Fails when a setting is wrong, or there is no such model. */
    static Calls with(Map<String, String> settings) {
        Settings read = Settings.of(settings);
        Models models = Models.inDefaultCache(LOG::warn);
        Bundle bundle = ModelChoice.open(read.model(), models);
        bundle.verify();
        return new Calls(read, ModelChoice.of(read.model(), bundle, models, read.device()));
    }

    Call<?> fillMask(Optional<Integer> topK, Optional<List<String>> targets, List<Input> inputs) {
        FillMaskRequest request =
                new FillMaskRequest(topK, targets, settings.targetsMode(), settings.longTexts(), settings.cleanUp());
        return call("fill_mask", request.task(model.bundle(), LOG::warn), new FilledMaskRows(), inputs);
    }

    /** The figures of a text. */
    Call<?> score(DocumentScoreRows rows, List<Input> inputs) {
        return call("score", settings.score(model.bundle()), rows, inputs);
    }

    /** Candidates of a text. */
    Call<?> augment(ResultRows<Rewrites> rows, List<Input> inputs) {
        if (settings.augment().needsHiddenStates()) {
            Head.HIDDEN_STATES.require(model.bundle());
        }
        return call("augment", settings.augment(), rows, inputs);
    }

    /** One vector a text. */
    Call<?> embed(List<Input> inputs) {
        return call("embed", new Embedding(settings.pooling(), settings.longTexts()), FeatureRows.ofTexts(), inputs);
    }

    private <R> Call<R> call(String name, ScoringTask<R> task, ResultRows<R> rows, List<Input> inputs) {
        return new Call<>(name, model.spec(task.head()), task, rows, settings.batchTokens(), inputs);
    }
}
