package dev.cloze.job.nights;

import dev.cloze.catalog.ModelChoice;
import dev.cloze.job.run.RowScoring;
import dev.cloze.job.run.RunIdentity;
import dev.cloze.mask.LongTexts;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.settings.Labels;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What scores the documents of nights.
 *
 * @param choice the model, and where it computes
 * @param scale of the figures
 * @param scoring how documents become figures
 * @param partitions pieces the documents of a night are cut into; as small as is worth a task, when absent
 */
public record NightModel(
        ModelChoice choice, NightScale scale, RowScoring<DocumentScore> scoring, OptionalInt partitions) {
    private static final String COMMAND = "audit";

    /**
     * @param method definition of the figures that {@code task} makes
     * @param batchTokens tokens of a batch, padding included
     */
    public static NightModel of(
            ModelChoice choice,
            ScoringTask<DocumentScore> task,
            String method,
            LongTexts longTexts,
            int batchTokens,
            OptionalInt partitions) {
        NightScale scale = new NightScale(
                choice.bundle().manifest().name(), choice.bundle().digest(), method, Labels.of(longTexts));
        return new NightModel(
                choice, scale, new RowScoring<>(task, DocumentScoreRows.ofDocuments(), batchTokens), partitions);
    }

    /** What a run must have in common with one that it resumes. */
    RunIdentity identity() {
        return new RunIdentity(COMMAND, Map.of("method", scale.method(), "long", scale.longTexts()), choice);
    }
}
