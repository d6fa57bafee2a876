package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.settings.Labels;
import dev.cloze.settings.SettingValues;

/**
 * How documents are scored, as the settings of a command have it.
 *
 * @param masking of {@link Method#MLM}
 */
record DocumentMethod(SettingValues values, MaskingOptions masking) {
    Method method() {
        return values.get(PerplexitySettings.METHOD);
    }

    /** The task; fails when the model in {@code bundle} is not fit for it. */
    ScoringTask<DocumentScore> task(Bundle bundle) {
        return method() == Method.MLM
                ? masking.task(EngineSettings.longTexts(values))
                : PerplexitySettings.task(values, bundle);
    }

    /** What the figures are, so that only figures of one kind are added up. */
    String definition() {
        return switch (method()) {
            case PLL, PLL_WORD -> PerplexitySettings.definition(values);
            case MLM -> masking.definition();
            case CAUSAL -> "causal bos=" + Labels.of(PerplexitySettings.start(values));
        };
    }
}
