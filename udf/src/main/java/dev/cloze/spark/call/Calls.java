package dev.cloze.spark.call;

import dev.cloze.augment.Augment;
import dev.cloze.augment.AugmentSettings;
import dev.cloze.augment.Rewrites;
import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.catalog.Models;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.model.Head;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.rows.FeatureRows;
import dev.cloze.rows.FilledMaskRows;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.EmbedSettings;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.FillMaskSettings;
import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.settings.SettingValues;
import dev.cloze.spark.call.Call.Input;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be called in a session. Every method fails when a setting of its task is wrong, or there is no such model. */
public final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final Map<String, String> session;

    /** @param session all of its settings */
    public Calls(Map<String, String> session) {
        this.session = session;
    }

    /**
     * Fillings of masks.
     *
     * @param topK instead of the session's
     * @param targets instead of the session's
     */
    public Call<?> fillMask(Optional<Integer> topK, Optional<List<String>> targets, List<Input> inputs) {
        SettingValues values = SessionSettings.FILL_MASK
                .of(session)
                .with(FillMaskSettings.TOP_K, topK)
                .with(FillMaskSettings.TARGETS, targets);
        return new Engine(values)
                .call(
                        "fill_mask",
                        bundle -> FillMaskSettings.task(values, bundle, LOG::warn),
                        new FilledMaskRows(),
                        inputs);
    }

    /** The figures of a text, and those of its tokens where the session wants them. */
    public Call<?> score(List<Input> inputs) {
        SettingValues values = SessionSettings.PERPLEXITY.of(session);
        return score(
                values,
                values.get(PerplexitySettings.TOKENS) ? DocumentScoreRows.ofTokens() : DocumentScoreRows.ofDocuments(),
                inputs);
    }

    /** The figures of a text and of its tokens. */
    public Call<?> scoreTokens(List<Input> inputs) {
        return score(SessionSettings.PERPLEXITY.of(session), DocumentScoreRows.ofTokens(), inputs);
    }

    private static Call<?> score(SettingValues values, DocumentScoreRows rows, List<Input> inputs) {
        return new Engine(values).call("score", bundle -> PerplexitySettings.task(values, bundle), rows, inputs);
    }

    /** Candidates of a text. */
    public Call<?> augment(ResultRows<Rewrites> rows, List<Input> inputs) {
        SettingValues values = SessionSettings.AUGMENT.of(session);
        Augment task = AugmentSettings.task(values);
        return new Engine(values)
                .call(
                        "augment",
                        bundle -> {
                            if (task.needsHiddenStates()) {
                                Head.HIDDEN_STATES.require(bundle);
                            }
                            return task;
                        },
                        rows,
                        inputs);
    }

    /** One vector a text. */
    public Call<?> embed(List<Input> inputs) {
        SettingValues values = SessionSettings.EMBED.of(session);
        return new Engine(values).call("embed", bundle -> EmbedSettings.task(values), FeatureRows.ofTexts(), inputs);
    }

    /** What scores: the model and the settings that all tasks have. */
    private record Engine(ModelChoice model, int batchTokens) {
        Engine(SettingValues values) {
            this(
                    ModelChoice.of(EngineSettings.model(values), Models.inDefaultCache(LOG::warn), Engine::noSample),
                    values.get(EngineSettings.BATCH_TOKENS));
        }

        private static CalibrationSample noSample() {
            throw ClozeException.user(
                    "make an 8-bit version of the model",
                    "a function of SQL sees one text at a time, and it is made with a sample of them",
                    "name a file of texts, one a line, with spark.cloze.calibration");
        }

        <R> Call<R> call(String name, Function<Bundle, ScoringTask<R>> task, ResultRows<R> rows, List<Input> inputs) {
            ScoringTask<R> made = task.apply(model.bundle());
            return new Call<>(name, model.spec(made.head()), made, rows, batchTokens, inputs);
        }
    }
}
